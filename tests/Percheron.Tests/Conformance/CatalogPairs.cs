using Percheron.Decoding;
using Percheron.Testing;
using Xunit;

namespace Percheron.Tests.Conformance;

/// <summary>Every drafter of the catalogue with every verifier, as rows of a theory.</summary>
internal static class CatalogPairs
{
    // Small trees and mixtures that the examples of the catalogue are too large to show within an enumeration.
    private static readonly string[] Small = ["model(depth=2, width=2)", "model(depth=1, width=3)", "model(depth=2, width=2, tree=best-and-one)", "model(depth=2, width=2, tree=independent)", "fallback(ngram, model(depth=2))", "union(ngram(max=2), model(depth=2))", "union(model(depth=1, width=2), model(@other, depth=2))", "fallback(model(depth=1, width=2), ngram)", "model(@foreign, depth=2, width=2, vocabulary=tli)", "string-match(length=2, confidence=0)", "cascade(model(depth=1), length=2, budget=1, verifier=speculative-sampling)"];

    public static Percheron.Testing.Conformance Suite { get; } = new(new Catalog());

    public static IEnumerable<(string Drafter, string Verifier)> All => Suite.Pairs.Select(p => (p.Drafter, p.Verifier));

    /// <summary>The same, and small trees and mixtures.</summary>
    public static IEnumerable<(string Drafter, string Verifier)> AllAndSmall => All.Concat(Small.SelectMany(d => Suite.Verifiers.Select(v => (d, v))));

    /// <summary>Whether a verifier says that it is lossless.</summary>
    public static bool IsLossless(string verifier) => Suite.Pair("none", verifier).NewVerifier(new ToyHost(new ToyModel(3), 0)).IsLossless;

    public static void Show(IReadOnlyList<Finding> findings)
    {
        foreach (Finding finding in findings) TestContext.Current.TestOutputHelper?.WriteLine(finding.ToString());
        Assert.Empty(findings.Where(f => !f.Ok).Select(f => f.ToString()));
    }
}
