using Percheron.Testing;
using Xunit;

namespace Percheron.Tests.Conformance;

/// <summary>Same text for every drafter with every verifier.</summary>
public class TextTests
{
    public static TheoryData<string, string> Pairs => [.. CatalogPairs.All];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void The_text_is_that_of_plain_decoding(string drafter, string verifier) => CatalogPairs.Show(TextCheck.Run(CatalogPairs.Suite.Pair(drafter, verifier)));
}
