using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Percheron.Decoding;
using Percheron.Testing;
using Percheron.Tests.Support;

namespace Percheron.Tests.Architecture;

/// <summary>docs/methods.md: the catalogue, and the entry that is each system of docs/systems.txt.</summary>
internal sealed partial class MethodsDocument
{
    private static readonly Dictionary<string, string> Waits = new(StringComparer.Ordinal)
    {
        ["media"] = "comes with pictures and voices",
        ["machines"] = "comes with several machines",
        ["none"] = "not planned",
    };

    private readonly Catalog _catalog = new();
    private readonly ToyHost _host = new(new ToyModel(vocab: 8), noise: 1);
    private readonly Dictionary<string, XElement> _documented = XDocument.Load(Path.ChangeExtension(typeof(Catalog).Assembly.Location, ".xml"))
        .Descendants("member").Where(m => m.Attribute("name")!.Value.StartsWith("T:", StringComparison.Ordinal)).ToDictionary(m => m.Attribute("name")!.Value[2..]);

    /// <summary>What is wrong with docs/systems.txt; such a row would say nothing or something untrue.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>The whole document.</summary>
    public string Write()
    {
        var text = new StringBuilder();
        text.Append("# Methods\n\nGenerated from the catalogue and systems.txt: run the tests of Percheron.Tests.Architecture with PERCHERON_APPROVE=1 and commit. `percheron drafters` and `percheron verifiers` show the same.\n");
        text.Append("\n## Drafters\n\nA drafter never changes what is said, only how fast; whether text or law stay the target's is the verifier's promise.\n\n| Name | Options | What it is | Source |\n|---|---|---|---|\n");
        foreach (CatalogEntry entry in _catalog.Drafters) text.Append($"| `{entry.Name}` | {Options(entry)} | {Summary(entry)} | {entry.Source} |\n");
        text.Append("\n## What options of drafters take\n\nWherever a drafter has the option `tree` or `length`, as in `model(width=4, tree=top-k)` or `model(length=svip(threshold=1))`.\n\n| Written | Options | What it is | Source |\n|---|---|---|---|\n");
        foreach (CatalogEntry entry in _catalog.Parts) text.Append($"| `{entry.Kind}={entry.Name}` | {Options(entry)} | {Summary(entry)} | {entry.Source} |\n");
        text.Append("\n## Verifiers\n\n| Name | Lossless | Options | What it is | Source |\n|---|---|---|---|---|\n");
        foreach (CatalogEntry entry in _catalog.Verifiers)
            text.Append($"| `{entry.Name}` | {(_catalog.Verifier(entry.Examples[0], _host).IsLossless ? "yes" : "no, lossy")} | {Options(entry)} | {Summary(entry)} | {entry.Source} |\n");
        AppendSystems(text);
        return text.ToString();
    }

    private void AppendSystems(StringBuilder text)
    {
        text.Append("\n## Systems of the survey\n\nEvery system that Hu et al., *Speculative Decoding and Beyond* (arXiv 2502.19732), names in its figure 4 or beside it; some are named twice. The last part holds what has come since for pictures and speech. ");
        var rows = new StringBuilder();
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (string line in File.ReadLines(Repository.At("docs", "systems.txt")))
        {
            if (line.Length == 0 || line[0] == '#') continue;
            if (line[0] == '§')
            {
                rows.Append($"\n### {line}\n\n| System | Source | Entry | State | |\n|---|---|---|---|---|\n");
                continue;
            }
            string[] fields = line.Split('|', StringSplitOptions.TrimEntries);
            if (fields.Length is < 4 or > 5)
            {
                Faults.Add($"{line}: has {fields.Length} fields");
                continue;
            }
            string state = State(fields[0], fields[2], fields[3]);
            counts[state] = counts.GetValueOrDefault(state) + 1;
            rows.Append($"| {fields[0]} | {Source(fields[1])} | {Entries(fields[2])} | {state} | {(fields.Length > 4 ? fields[4] : "")} |\n");
        }
        text.Append($"Of {counts.Values.Sum()} rows: {string.Join("; ", counts.OrderByDescending(c => c.Value).Select(c => $"{c.Value} {c.Key}"))}.\n").Append(rows);
    }

    private string State(string system, string entries, string wait)
    {
        if (wait.Length > 0 && !Waits.ContainsKey(wait)) Faults.Add($"{system}: nobody knows what '{wait}' is");
        string[] specs = Specs(entries);
        bool words = entries.StartsWith('='), all = words || (specs.Length > 0 && specs.All(IsThere));
        if (all && wait.Length == 0) return "here";
        if (wait.Length == 0) Faults.Add($"{system}: '{entries}' is not in the catalogue, and nothing says where else it is");
        if (wait == "none" && entries.Length > 0) Faults.Add($"{system}: has an entry and is planned nowhere");
        if (wait.Length == 0) return "missing";
        return specs.Any(IsThere) ? $"in part (the rest {Waits[wait]})" : Waits[wait];
    }

    private bool IsThere(string spec)
    {
        if (spec.StartsWith("--", StringComparison.Ordinal)) return true;
        try
        {
            return _catalog.Verifiers.Any(v => v.Name == Spec.Parse(spec).Name) ? _catalog.Verifier(spec, _host) is not null : _catalog.Drafter(spec, _host) is not null;
        }
        catch (SpecException)
        {
            return false;
        }
    }

    private string Summary(CatalogEntry entry)
    {
        string text = Plain(_documented[entry.Type.FullName!].Element("summary")!);
        int end = SentenceEnd().Match(text) is { Success: true } match ? match.Index + 1 : text.Length;
        return text[..end].Replace("|", "\\|", StringComparison.Ordinal);
    }

    // References keep their last name; runs of blanks are one.
    private static string Plain(XElement summary)
    {
        string text = string.Concat(summary.Nodes().Select(n => n switch
        {
            XElement e when e.Attribute("cref") is { } reference => reference.Value.Split('.', ':')[^1],
            XElement e when e.Attribute("name") is { } name => name.Value,
            XElement e => $"`{e.Value}`",
            _ => n is XText t ? t.Value : "",
        }));
        return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static string[] Specs(string entries) => entries.StartsWith('=') ? [] : entries.Split(" + ", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string Entries(string entries) => entries.StartsWith('=') ? entries[1..].Trim() : string.Join(", ", Specs(entries).Select(s => $"`{s}`"));

    private static string Options(CatalogEntry entry) => string.Join(", ", entry.Options.Select(o => $"`{o}`"));

    private static string Source(string source) => ArxivId().IsMatch(source) ? "arXiv " + source : source;

    [GeneratedRegex(@"\.(?= [A-Z])")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"^\d{4}\.\d{5}$|^\d{4}\.\d{4}$")]
    private static partial Regex ArxivId();
}
