using System.Text.RegularExpressions;
using Percheron.Tests.Support;
using Xunit;

namespace Percheron.Tests.Architecture;

/// <summary>Layers inside the library are folders; this holds their direction.</summary>
public partial class LayerTests
{
    private static readonly string[] UpToDecoding = ["Kernels", "Formats", "Models", "Decoding"];

    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Kernels"] = [],
        ["Formats"] = ["Kernels"],
        ["Codecs"] = ["Kernels", "Formats"],
        ["Models"] = ["Kernels", "Formats"],
        ["Decoding"] = ["Kernels", "Formats", "Models"],
        ["Verifiers"] = UpToDecoding,
        ["Planning"] = UpToDecoding,
        ["Drafters"] = [.. UpToDecoding, "Codecs"],
        ["Chat"] = [.. UpToDecoding, "Codecs", "Drafters", "Verifiers", "Planning"],
    };

    [Fact]
    public void A_layer_uses_only_the_layers_below_it()
    {
        var wrong = new List<string>();
        foreach (string file in Repository.Sources("src/Percheron"))
        {
            string layer = Path.GetRelativePath(Repository.At("src", "Percheron"), file).Split(Path.DirectorySeparatorChar)[0];
            if (!MayUse.TryGetValue(layer, out string[]? allowed))
            {
                wrong.Add($"{layer} is not a layer: {file}");
                continue;
            }
            foreach (Match match in LayerName().Matches(Code(file)))
                if (match.Groups[1].Value is var used && used != layer && !allowed.Contains(used)) wrong.Add($"{Path.GetFileName(file)} ({layer}) uses {used}");
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void Unsafe_code_stays_where_weights_are_read()
    {
        foreach (string file in Repository.Sources("src"))
            if (UnsafeWord().IsMatch(Code(file))) Assert.Matches(@"src.Percheron.(Kernels|Formats|Models).", Path.GetRelativePath(Repository.Root, file));
    }

    // Comments may name what code may not.
    private static string Code(string file) => string.Join('\n', File.ReadLines(file).Where(l => !l.TrimStart().StartsWith("//", StringComparison.Ordinal)));

    [GeneratedRegex(@"\bPercheron\.(Kernels|Formats|Models|Decoding|Drafters|Verifiers|Planning|Codecs|Chat)\b")]
    private static partial Regex LayerName();

    [GeneratedRegex(@"\bunsafe\b")]
    private static partial Regex UnsafeWord();
}
