using System.Reflection;
using System.Text.RegularExpressions;
using Percheron.Decoding;
using Percheron.Tests.Support;
using Xunit;

namespace Percheron.Tests.Architecture;

/// <summary>A method is one file that names no other method: composites are given theirs, and what several share has a file and a name of its own.</summary>
public partial class MethodFileTests
{
    private static readonly string[] Methods = [.. typeof(Catalog).Assembly.GetExportedTypes()
        .Where(t => t.IsDefined(typeof(MethodAttribute)) && (typeof(Drafter).IsAssignableFrom(t) || typeof(Verifier).IsAssignableFrom(t))).Select(t => t.Name)];

    [Fact]
    public void Every_method_has_a_file_of_its_own()
    {
        string[] files = [.. Files().Select(f => Path.GetFileNameWithoutExtension(f)!)];
        Assert.NotEmpty(Methods);
        Assert.All(Methods, method => Assert.Single(files, method));
    }

    [Fact]
    public void No_methods_file_names_another_method()
    {
        var wrong = new List<string>();
        foreach (string file in Files())
        {
            string own = Path.GetFileNameWithoutExtension(file), text = File.ReadAllText(file);
            // Files beside the methods serve several of them, so they may name none at all.
            foreach (Match word in Word().Matches(Strings().Replace(text, "\"\"")))
                if (Methods.Contains(word.Value) && word.Value != own) wrong.Add($"{own} names {word.Value}");
            foreach (Match reference in Reference().Matches(text))
                if (Methods.Contains(reference.Groups[1].Value) && reference.Groups[1].Value != own) wrong.Add($"{own} refers to {reference.Groups[1].Value}");
        }
        Assert.Empty(wrong.Distinct());
    }

    private static IEnumerable<string> Files() => Repository.Sources("src/Percheron/Drafters").Concat(Repository.Sources("src/Percheron/Verifiers"));

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Word();

    [GeneratedRegex("\"[^\"\\n]*\"")]
    private static partial Regex Strings();

    [GeneratedRegex(@"cref=""(\w+)")]
    private static partial Regex Reference();
}
