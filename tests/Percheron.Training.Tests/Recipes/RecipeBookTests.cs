using Percheron.Training.Recipes;
using Xunit;

namespace Percheron.Training.Tests.Recipes;

public class RecipeBookTests
{
    [Fact]
    public void An_unknown_kind_is_answered_with_the_known()
    {
        string message = Assert.Throws<ArgumentException>(() => RecipeBook.Find("no-such-kind(1)")).Message;
        Assert.Contains("unknown recipe 'no-such-kind'; known: ", message, StringComparison.Ordinal);
        Assert.All(RecipeBook.Names, name => Assert.Contains(name, message, StringComparison.Ordinal));
    }
}
