using Percheron.Drafters;
using Xunit;

namespace Percheron.Tests.Drafters;

public class SjdDrafterTests
{
    [Fact]
    public void It_never_changes_the_text() => Toy.SaysWhatPlainDecodingSays(() => new SjdDrafter());

    [Fact]
    public void Steady_steps_allocate_nothing() => Toy.AllocatesNothing(new SjdDrafter(), 1);

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public void A_place_whose_law_has_settled_keeps_its_token(float temperature)
    {
        (int first, int second) = JacobiDrafterTests.Accepted(new SjdDrafter(5), temperature);
        Assert.InRange(second, 5 - first, 5);
    }
}
