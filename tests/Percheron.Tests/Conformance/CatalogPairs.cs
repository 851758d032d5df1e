using Percheron.Decoding;
using Percheron.Testing;
using Xunit;

namespace Percheron.Tests.Conformance;

/// <summary>Every drafter of the catalogue with every verifier, as rows of a theory.</summary>
internal static class CatalogPairs
{
    public static Percheron.Testing.Conformance Suite { get; } = new(new Catalog());

    public static IEnumerable<(string Drafter, string Verifier)> All => Suite.Pairs.Select(p => (p.Drafter, p.Verifier));

    public static void Show(IReadOnlyList<Finding> findings)
    {
        foreach (Finding finding in findings) TestContext.Current.TestOutputHelper?.WriteLine(finding.ToString());
        Assert.Empty(findings.Where(f => !f.Ok).Select(f => f.ToString()));
    }
}
