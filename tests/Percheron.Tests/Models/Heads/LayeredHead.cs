using Percheron.Formats;

namespace Percheron.Tests.Models.Heads;

/// <summary>Small heads with a decoder layer for the targets of <see cref="TinyModel"/>.</summary>
internal static class LayeredHead
{
    private const int Hidden = 256, Query = 128, Key = 64, Inner = 192;

    public static TinyHead Eagle => With("eagle", 1, [3], [("fc.weight", [Hidden, 2 * Hidden]), ("fc.bias", [Hidden])], Layer(0, Hidden, normalized: false));

    public static TinyHead Mtp => With("mtp", 1, [], [("fc.weight", [Hidden, 2 * Hidden]), ("enorm.weight", [Hidden]), ("hnorm.weight", [Hidden])], Layer(0, Hidden));

    /// <summary>Knows every third token only, by a projection of its own.</summary>
    public static TinyHead Eagle3 => With(
        "eagle3", 1, [0, 1, 2], [("fc.weight", [Hidden, 3 * Hidden]), ("enorm.weight", [Hidden]), ("output_norm.weight", [Hidden]), ("output.weight", [32, Hidden])], Layer(0, 2 * Hidden)) with
    {
        Metadata = [.. Values, ("draft_vocab", Enumerable.Range(0, 32).Select(i => 3 * i).ToArray())],
    };

    /// <summary>Two layers, the target's norm and projection.</summary>
    public static TinyHead Deep => With("eagle3", 2, [1, 3], [("fc.weight", [Hidden, 2 * Hidden]), ("enorm.weight", [Hidden])], [.. Layer(0, 2 * Hidden), .. Layer(1, Hidden)]);

    /// <summary>What leaves the target's first layer is read, by attention alone or by a whole layer.</summary>
    public static TinyHead Exit(bool feeds) => With(feeds ? "eesd" : "kangaroo", 1, [1], [("output_norm.weight", [Hidden])], feeds ? Layer(0, Hidden) : Layer(0, Hidden)[..5]);

    public static TinyHead Of(string name) => name switch
    {
        "eagle" => Eagle,
        "mtp" => Mtp,
        "eagle3" => Eagle3,
        "deep" => Deep,
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static (string, GgufValue)[] Values => [("attention.layer_norm_rms_epsilon", 1e-5f)];

    private static TinyHead With(string architecture, int layers, int[] states, (string, int[])[] tensors, (string, int[])[] layerTensors) => new(architecture)
    {
        States = states,
        Metadata = Values,
        Numbers =
        [
            ("block_count", layers), ("context_length", 4096), ("feed_forward_length", Inner), ("attention.head_count", 2), ("attention.head_count_kv", 1),
            ("attention.key_length", 64), ("attention.value_length", 64),
        ],
        Tensors = [.. tensors, .. layerTensors],
    };

    private static (string, int[])[] Layer(int number, int inputs, bool normalized = true)
    {
        string at = $"blk.{number}.";
        return
        [
            .. normalized ? new[] { (at + "attn_norm.weight", new[] { Hidden }) } : [],
            (at + "attn_q.weight", [Query, inputs]), (at + "attn_k.weight", [Key, inputs]), (at + "attn_v.weight", [Key, inputs]), (at + "attn_output.weight", [Hidden, Query]),
            (at + "ffn_norm.weight", [Hidden]), (at + "ffn_gate.weight", [Inner, Hidden]), (at + "ffn_up.weight", [Inner, Hidden]), (at + "ffn_down.weight", [Hidden, Inner]),
        ];
    }
}
