using Percheron.Testing;
using Xunit;

namespace Percheron.Tests.Conformance;

/// <summary>Exact law for every drafter with every verifier; lossy verifiers are seen to be lossy.</summary>
public class LawTests
{
    // Small trees and mixtures that the examples of the catalogue are too large to show within an enumeration.
    private static readonly string[] Small = ["model(depth=2, width=2)", "model(depth=1, width=3)", "model(depth=2, width=2, tree=best-and-one)", "model(depth=2, width=2, tree=independent)", "fallback(ngram, model(depth=2))", "fallback(model(depth=1, width=2), ngram)", "cascade(model(depth=1), length=2, budget=1, verifier=speculative-sampling)"];

    public static TheoryData<string, string> Pairs => [.. CatalogPairs.All, .. Small.SelectMany(d => CatalogPairs.Suite.Verifiers.Select(v => (d, v)))];

    public static TheoryData<string> LossyVerifiers => [.. CatalogPairs.Suite.Verifiers.Where(v => !CatalogPairs.Suite.Pair("none", v).NewVerifier(new ToyHost(new ToyModel(3), 0)).IsLossless)];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void The_law_of_the_loop_is_the_targets(string drafter, string verifier) => CatalogPairs.Show(LawCheck.Run(CatalogPairs.Suite.Pair(drafter, verifier)));

    [Theory]
    [MemberData(nameof(LossyVerifiers))]
    public void A_rule_that_calls_itself_lossy_is(string verifier)
    {
        Finding finding = CatalogPairs.Suite.Lossy(verifier);
        Assert.True(finding.Ok, finding.Detail);
    }
}
