using System.Text.RegularExpressions;
using Percheron.Tests.Support;
using Xunit;

namespace Percheron.Tests.Architecture;

/// <summary>Files stay small, and hold the one public type they are named after.</summary>
public partial class FileTests
{
    private const int Ceiling = 500;

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void No_file_is_longer_than_the_ceiling(string folder) =>
        Assert.DoesNotContain(Repository.Sources(folder).Select(f => (File: Path.GetRelativePath(Repository.Root, f), Lines: File.ReadLines(f).Count())), f => f.Lines > Ceiling);

    [Fact]
    public void A_file_holds_the_one_public_type_it_is_named_after()
    {
        foreach (string file in Repository.Sources("src"))
        {
            string[] types = [.. PublicType().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value).Distinct()];
            Assert.True(types.Length <= 1, $"{file} holds {string.Join(", ", types)}");
            // Name.Part.cs is a part of Name.
            if (types.Length == 1) Assert.Equal(types[0], Path.GetFileName(file).Split('.')[0]);
        }
    }

    [GeneratedRegex(@"^public (?:(?:static|sealed|abstract|readonly|ref|partial|unsafe) )*(?:class|struct|interface|enum|record struct|record class|record) (\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();
}
