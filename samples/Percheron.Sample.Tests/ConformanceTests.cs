using Percheron.Decoding;
using Percheron.Testing;
using Xunit;

namespace Percheron.Sample.Tests;

/// <summary>The conformance suite of Percheron on the methods of this assembly: same text, exact law, yield, no allocation.</summary>
public class ConformanceTests
{
    private static readonly Conformance Suite = new(new Catalog(typeof(PeriodDrafter).Assembly));

    public static TheoryData<string, string> Pairs => [.. Suite.PairsOf(typeof(PeriodDrafter).Assembly).Select(p => (p.Drafter, p.Verifier))];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_pair_conforms(string drafter, string verifier) =>
        Assert.Empty(Conformance.Check(Suite.Pair(drafter, verifier)).Where(f => !f.Ok).Select(f => f.ToString()));

    [Fact]
    public void The_lossy_rule_is_seen_to_be_one() => Assert.True(Suite.Lossy("near-best") is { Ok: true });

    [Fact]
    public void Nothing_of_it_is_forgotten()
    {
        Assert.Equal(["near-best", "near-best(share=1)"], Suite.Pairs.Select(p => p.Verifier).Distinct().Where(v => v.StartsWith("near", StringComparison.Ordinal)));
        Assert.All(Suite.Verifiers, v => Assert.Contains(Suite.PairsOf(typeof(PeriodDrafter).Assembly), p => p.Drafter == "period" && p.Verifier == v));
    }
}
