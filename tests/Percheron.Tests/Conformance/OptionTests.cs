using Percheron.Testing;
using Xunit;

namespace Percheron.Tests.Conformance;

/// <summary>Stop sequences, biases, log-probabilities and several texts of a prompt for every drafter with every verifier.</summary>
public class OptionTests
{
    public static TheoryData<string, string> Pairs => [.. CatalogPairs.All];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void What_a_caller_asks_for_holds_whatever_is_drafted(string drafter, string verifier) => CatalogPairs.Show(OptionCheck.Run(CatalogPairs.Suite.Pair(drafter, verifier)));
}
