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
    public void Lines_are_filled_up(string line, string name) => Assert.Equal(name, Contender.Parse(line, v => v != "typical-acceptance").Name);
}
