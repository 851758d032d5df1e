using Percheron.Testing;
using Xunit;

namespace Percheron.Tests.Conformance;

/// <summary>What lossy verifiers do to the law is measured with every drafter, and they are seen to be lossy.</summary>
public class LossyLawTests
{
    public static TheoryData<string, string> Pairs => [.. CatalogPairs.AllAndSmall.Where(p => !CatalogPairs.IsLossless(p.Verifier))];

    public static TheoryData<string> Verifiers => [.. CatalogPairs.Suite.Verifiers.Where(v => !CatalogPairs.IsLossless(v))];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void All_runs_together_weigh_one(string drafter, string verifier) => CatalogPairs.Show(LawCheck.Run(CatalogPairs.Suite.Pair(drafter, verifier)));

    [Theory]
    [MemberData(nameof(Verifiers))]
    public void A_rule_that_calls_itself_lossy_is(string verifier)
    {
        Finding finding = CatalogPairs.Suite.Lossy(verifier);
        Assert.True(finding.Ok, finding.Detail);
    }
}
