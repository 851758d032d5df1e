using Percheron.Decoding;
using Xunit;

namespace Percheron.Tests.Decoding;

public class DistributionTests
{
    [Fact]
    public void Finds_tokens_of_sparse_and_full_laws()
    {
        var law = new Distribution();
        law.Fill(3, out Span<int> tokens, out Span<float> p);
        (tokens[0], tokens[1], tokens[2]) = (1, 4, 9);
        (p[0], p[1], p[2]) = (.5f, .25f, .25f);
        Assert.Equal([.5f, .25f, .25f, 0f, 0f, 0f], [law[1], law[4], law[9], law[0], law[10], law[2]]);

        law.Fill(3, out tokens, out p);
        (tokens[0], tokens[1], tokens[2]) = (0, 1, 2);
        Assert.Equal(2, law.IndexOf(2));
        Assert.Equal(-1, law.IndexOf(3));
        Assert.Equal(-1, law.IndexOf(-1));
    }

    [Fact]
    public void A_point_mass_is_certain_and_copies_are_separate()
    {
        var law = new Distribution();
        law.SetPoint(7);
        var copy = new Distribution();
        copy.CopyFrom(law);
        law.SetPoint(8);
        Assert.True(copy.IsPoint);
        Assert.Equal(1, copy[7]);
        Assert.Equal(0, copy[8]);
    }
}
