using Percheron.Decoding;
using Percheron.Tests.Support;
using Xunit;

namespace Percheron.Tests.Architecture;

/// <summary>docs/methods.md is what the catalogue says; PERCHERON_APPROVE=1 writes it.</summary>
public class MethodsDocumentTests
{
    private static readonly string Document = Repository.At("docs", "methods.md");

    [Fact]
    public void The_document_is_not_stale()
    {
        var document = new MethodsDocument();
        string now = document.Write();
        Assert.Empty(document.Faults);
        if (Repository.Approve) File.WriteAllText(Document, now);
        Assert.True(now == File.ReadAllText(Document).ReplaceLineEndings("\n"), "docs/methods.md is stale: run these tests with PERCHERON_APPROVE=1 and commit it");
    }

    [Fact]
    public void Every_method_and_every_option_is_in_it()
    {
        string text = new MethodsDocument().Write();
        var catalog = new Catalog();
        foreach (CatalogEntry entry in catalog.Drafters.Concat(catalog.Verifiers))
        {
            string row = Assert.Single(text.Split('\n'), l => l.StartsWith($"| `{entry.Name}` |", StringComparison.Ordinal));
            Assert.Contains(entry.Source, row, StringComparison.Ordinal);
            foreach (string option in entry.Options) Assert.Contains($"`{option}`", row, StringComparison.Ordinal);
        }
    }
}
