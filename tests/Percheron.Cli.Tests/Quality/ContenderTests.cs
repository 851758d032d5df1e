using Percheron.Cli.Quality;
using Xunit;

namespace Percheron.Cli.Tests.Quality;

public class ContenderTests
{
    [Theory]
    [InlineData("ngram", "ngram | coupled | auto")]
    [InlineData("ngram(max = 4)|block", "ngram(max=4) | block | auto")]
    [InlineData("model | typical-acceptance", "model | typical-acceptance | 16")]
    [InlineData("model | typical-acceptance | 8", "model | typical-acceptance | 8")]
    [InlineData("none | block", "plain")]
    [InlineData("zipar(window=8)", "zipar(8)")]
    [InlineData("zipar(4)", "zipar(4)")]
    public void Lines_are_filled_up(string line, string name) => Assert.Equal(name, Contender.Parse(line, v => v != "typical-acceptance").Name);

    [Theory]
    [InlineData("zipar")]
    [InlineData("zipar(0)")]
    [InlineData("zipar(4) | coupled")]
    [InlineData("ngram | coupled | 4 | 5")]
    public void What_is_no_line_is_refused(string line) => Assert.Throws<Failure>(() => Contender.Parse(line, _ => true));
}
