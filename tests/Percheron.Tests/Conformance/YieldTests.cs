using Percheron.Testing;
using Xunit;

namespace Percheron.Tests.Conformance;

/// <summary>Yield for every drafter with every verifier.</summary>
public class YieldTests
{
    public static TheoryData<string, string> Pairs => [.. CatalogPairs.All];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_perfect_draft_is_accepted_and_no_row_is_evaluated_twice(string drafter, string verifier) => CatalogPairs.Show(YieldCheck.Run(CatalogPairs.Suite.Pair(drafter, verifier)));

    public static TheoryData<string> Verifiers => [.. CatalogPairs.Suite.Verifiers];

    [Theory]
    [MemberData(nameof(Verifiers))]
    public void A_view_with_all_layers_is_a_perfect_draft(string verifier) =>
        CatalogPairs.Show(YieldCheck.Run(CatalogPairs.Suite.Pair("self(skip=0, confidence=0)", verifier) with { DraftsByModel = true }));
}
