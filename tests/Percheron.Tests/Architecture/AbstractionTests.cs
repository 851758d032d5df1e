using System.Reflection;
using System.Text.RegularExpressions;
using Percheron.Decoding;
using Percheron.Testing;
using Percheron.Tests.Support;
using Xunit;

namespace Percheron.Tests.Architecture;

/// <summary>No abstraction for one implementation only, and every method of the field says where it comes from.</summary>
public class AbstractionTests
{
    private static readonly Type[] Everything = [.. ((Assembly[])[typeof(Decoder).Assembly, typeof(ToyModel).Assembly, typeof(AbstractionTests).Assembly]).SelectMany(a => a.GetTypes())];

    public static TheoryData<string> Abstractions => [.. typeof(Decoder).Assembly.GetTypes().Where(t => t.IsInterface || (t.IsAbstract && !t.IsSealed)).Select(t => t.FullName!)];

    [Theory]
    [MemberData(nameof(Abstractions))]
    public void An_abstraction_has_at_least_two_implementations(string name)
    {
        Type abstraction = typeof(Decoder).Assembly.GetType(name)!;
        string[] implementations = [.. Everything.Where(t => t is { IsAbstract: false, IsInterface: false } && Implements(t, abstraction)).Select(t => t.Name), .. InPrograms(abstraction.Name)];
        Assert.True(implementations.Length >= 2, $"{name} has {implementations.Length}: {string.Join(", ", implementations)}");
    }

    [Fact]
    public void Every_method_names_its_source_and_is_sealed()
    {
        foreach (Type type in typeof(Decoder).Assembly.GetExportedTypes())
        {
            if (type.IsAbstract || !IsMethod(type)) continue;
            Assert.False(string.IsNullOrWhiteSpace(type.GetCustomAttribute<MethodAttribute>()?.Source), $"{type.Name} has no [Method(Source = …)]");
            Assert.True(type.IsSealed, $"{type.Name} is not sealed");
        }
    }

    private static bool IsMethod(Type? type) => type is not null && (type.IsDefined(typeof(MethodKindAttribute), inherit: false) || IsMethod(type.BaseType));

    // The programs are not referenced from here: their implementations are read off the sources.
    private static IEnumerable<string> InPrograms(string abstraction)
    {
        var declaration = new Regex($@"\b(?:class|struct|record) (\w+).*[:,] {Regex.Escape(abstraction.Split('`')[0])}\b");
        foreach (string file in Repository.Sources("src/Percheron.Cli").Concat(Repository.Sources("src/Percheron.Training")))
            foreach (Match match in declaration.Matches(File.ReadAllText(file))) yield return match.Groups[1].Value;
    }

    private static bool Implements(Type type, Type abstraction)
    {
        for (Type? at = type.BaseType; at is not null; at = at.BaseType) if (Definition(at) == abstraction) return true;
        return type.GetInterfaces().Any(i => Definition(i) == abstraction);
    }

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;
}
