using System.Text;
using System.Xml.Linq;

namespace Percheron.Training.Corpus;

/// <summary>Reads the <c>&lt;member&gt;</c> entries of one documentation file and spells each as C# documentation comments.</summary>
public static class DocumentationXml
{
    // Elements in the order a person writes them; an element of any other name is left out.
    private static readonly string[] Order = ["summary", "typeparam", "param", "returns", "value", "exception", "remarks"];

    // Remarks may run to pages; long ones would fill a small context and are left out.
    private const int LongestRemarks = 400;

    /// <summary>The entries of a documentation file; entries that document nothing are left out.</summary>
    public static IEnumerable<Document> Read(XDocument xml) =>
        from member in xml.Descendants("member")
        let name = (string?)member.Attribute("name")
        where name is { Length: > 2 } && name[1] == ':'
        let text = Spell(name, member)
        where text is not null
        select new Document(name, text);

    private static string? Spell(string name, XElement member)
    {
        var text = new StringBuilder(name).Append('\n');
        int before = text.Length;
        foreach (string kind in Order)
        {
            foreach (XElement element in member.Elements(kind))
            {
                string content = Content(element);
                if (kind == "remarks" && content.Length > LongestRemarks) continue;
                if (content.Length == 0) continue;
                text.Append("/// <").Append(kind);
                foreach (XAttribute attribute in element.Attributes()) Attribute(text, attribute);
                text.Append('>').Append(content).Append("</").Append(kind).Append(">\n");
            }
        }
        return text.Length == before ? null : text.ToString();
    }

    /// <summary>The inner text with inline elements kept, white space runs made one blank, and none at the ends.</summary>
    private static string Content(XElement element)
    {
        var text = new StringBuilder();
        Append(text, element);
        return string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static void Append(StringBuilder text, XElement element)
    {
        foreach (XNode node in element.Nodes())
        {
            if (node is XText plain) text.Append(plain.Value);
            if (node is not XElement inner) continue;
            text.Append('<').Append(inner.Name.LocalName);
            foreach (XAttribute attribute in inner.Attributes()) Attribute(text, attribute);
            if (inner.IsEmpty)
            {
                text.Append(" />");
                continue;
            }
            text.Append('>');
            Append(text, inner);
            text.Append("</").Append(inner.Name.LocalName).Append('>');
        }
    }

    private static void Attribute(StringBuilder text, XAttribute attribute) =>
        text.Append(' ').Append(attribute.Name.LocalName).Append("=\"").Append(attribute.Value).Append('"');
}
