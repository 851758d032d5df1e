using System.Xml.Linq;
using Percheron.Training.Corpus;
using Xunit;

namespace Percheron.Training.Tests.Corpus;

public class DocumentationXmlTests
{
    private static readonly XDocument Xml = XDocument.Parse("""
        <doc><assembly><name>Acme</name></assembly><members>
          <member name="M:Acme.Pot.Fill(System.Int32)">
            <exception cref="T:System.ArgumentException">
              <paramref name="amount" /> is less than
              zero.

         -or-

         Full.</exception>
            <summary>Fills <see cref="T:Acme.Pot" /> with <c>tea</c> &amp; milk.</summary>
            <param name="amount">How much.</param>
            <returns></returns>
            <unknown>left out</unknown>
          </member>
          <member name="F:Acme.Pot.Empty" />
          <member name="T:Acme.Pot"><summary>A pot.</summary></member>
          <member><summary>no name</summary></member>
        </members></doc>
        """, LoadOptions.PreserveWhitespace);

    [Fact]
    public void Spells_an_entry_as_comment_lines_in_a_fixed_order()
    {
        Document fill = DocumentationXml.Read(Xml).First();
        Assert.Equal("M:Acme.Pot.Fill(System.Int32)", fill.Member);
        Assert.Equal("""
            M:Acme.Pot.Fill(System.Int32)
            /// <summary>Fills <see cref="T:Acme.Pot" /> with <c>tea</c> & milk.</summary>
            /// <param name="amount">How much.</param>
            /// <exception cref="T:System.ArgumentException"><paramref name="amount" /> is less than zero. -or- Full.</exception>

            """, fill.Text);
    }

    [Fact]
    public void Leaves_out_entries_without_name_or_text() =>
        Assert.Equal(["M:Acme.Pot.Fill(System.Int32)", "T:Acme.Pot"], DocumentationXml.Read(Xml).Select(document => document.Member));

    [Fact]
    public void The_installed_documentation_has_the_demonstration_entry_in_the_training_split()
    {
        string root = DotnetDocumentation.FindRoot();
        string folder = Path.Combine(root, "packs", "Microsoft.NETCore.App.Ref");
        string? file = Directory.Exists(folder) ? Directory.GetFiles(folder, "System.Runtime.xml", SearchOption.AllDirectories).FirstOrDefault() : null;
        Assert.SkipWhen(file is null, "this .NET installation has no targeting packs");
        Document entry = DocumentationXml.Read(XDocument.Load(file!, LoadOptions.PreserveWhitespace)).First(document => document.Member == "M:System.IO.File.ReadAllText(System.String)");
        Assert.StartsWith("M:System.IO.File.ReadAllText(System.String)\n/// <summary>Opens a text file", entry.Text, StringComparison.Ordinal);
        Assert.False(entry.IsHeldOut);
    }
}
