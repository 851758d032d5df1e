using Percheron.Testing;
using Xunit;

namespace Percheron.Tests.Conformance;

/// <summary>No managed allocation in steady state for every drafter with every verifier.</summary>
public class AllocationTests
{
    public static TheoryData<string, string> Pairs => [.. CatalogPairs.All];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_step_allocates_nothing(string drafter, string verifier) => CatalogPairs.Show(AllocationCheck.Run(CatalogPairs.Suite.Pair(drafter, verifier)));
}
