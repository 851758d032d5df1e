using Percheron.Testing;
using Xunit;

namespace Percheron.Tests.Conformance;

/// <summary>Exact law for every drafter with every lossless verifier.</summary>
public class LawTests
{
    public static TheoryData<string, string> Pairs => [.. CatalogPairs.AllAndSmall.Where(p => CatalogPairs.IsLossless(p.Verifier))];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void The_law_of_the_loop_is_the_targets(string drafter, string verifier) => CatalogPairs.Show(LawCheck.Run(CatalogPairs.Suite.Pair(drafter, verifier)));
}
