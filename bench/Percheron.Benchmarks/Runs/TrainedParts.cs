using System.Reflection;
using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Models;
using Percheron.Models.Heads;

namespace Percheron.Benchmarks.Runs;

/// <summary>What specs read that was trained: the files that a host supplies where none is named.</summary>
internal static class TrainedParts
{
    /// <summary>The draft model, as its file beside the embedded target is called.</summary>
    public const string Draft = "draft-q8_0";

    private static readonly ILookup<string, CatalogEntry> Known = Entries(new Catalog()).ToLookup(e => e.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The kinds that a spec and what stands inside it read, each once.</summary>
    public static IReadOnlyList<string> Of(string spec) => [.. Of(Spec.Parse(spec)).Distinct()];

    private static IEnumerable<CatalogEntry> Entries(Catalog catalog) => [.. catalog.Drafters, .. catalog.Verifiers, .. catalog.Parts];

    private static IEnumerable<string> Of(Spec spec)
    {
        bool named = spec.Arguments.Any(a => a.Value.IsFile);
        IEnumerable<ParameterInfo> needed = named || spec.IsFile ? [] : Known[spec.Name].SelectMany(e => e.Type.GetConstructors()[0].GetParameters()).Where(p => !p.HasDefaultValue);
        return needed.Select(Kind).OfType<string>().Concat(spec.Arguments.SelectMany(a => Of(a.Value)));
    }

    private static string? Kind(ParameterInfo parameter)
    {
        Type type = parameter.ParameterType;
        if (HeadFile.MayHold(type) || type == typeof(ParallelModel) || type == typeof(AcceptanceHead)) return parameter.Name;
        return parameter.Name != "target" && (type.IsAssignableFrom(typeof(Transformer)) || type == typeof(ForeignModel)) ? Draft : null;
    }
}
