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
}
