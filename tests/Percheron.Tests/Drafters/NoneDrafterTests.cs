using Percheron.Drafters;
using Xunit;

namespace Percheron.Tests.Drafters;

public class NoneDrafterTests
{
    [Fact]
    public void It_is_plain_decoding()
    {
        Toy.SaysWhatPlainDecodingSays(() => new NoneDrafter());
        Assert.Equal(1, Toy.AcceptedLength(new NoneDrafter(), 1));
        Toy.AllocatesNothing(new NoneDrafter(), 1);
    }
}
