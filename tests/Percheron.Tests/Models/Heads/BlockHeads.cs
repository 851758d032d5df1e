namespace Percheron.Tests.Models.Heads;

/// <summary>Small block drafts for the targets of <see cref="TinyModel"/>.</summary>
internal static class BlockHeads
{
    public const int Hidden = 256, Rows = 5, Heads = 2, HeadSize = 64, Inner = 192, Rank = 32, Vocab = 96;

    /// <summary>The target's norm and projection.</summary>
    public static TinyHead Dflash => With("dflash", [0, 1, 2], [], []);

    /// <summary>All parts of its own; key heads as many as query heads, normalized.</summary>
    public static TinyHead Dspark => With(
        "dspark", [1, 3], [("markov_rank", Rank)],
        [
            ("output_norm.weight", [Hidden]), ("output.weight", [Vocab, Hidden]), ("markov_in.weight", [Vocab, Rank]), ("markov_out.weight", [Vocab, Rank]),
            ("confidence.weight", [1, Hidden]), ("confidence_before.weight", [1, Rank]), ("confidence.bias", [1]),
        ]) with
    {
        Metadata = [("attention.layer_norm_rms_epsilon", 1e-5f), ("temperatures", new float[] { 1, 1.5f, 2, 2.5f, 3 })],
    };

    public static TinyHead Of(string name) => name == "dflash" ? Dflash : Dspark;

    private static TinyHead With(string architecture, int[] states, (string, int)[] numbers, (string, int[])[] tensors) => new(architecture)
    {
        States = states,
        Metadata = [("attention.layer_norm_rms_epsilon", 1e-5f)],
        Numbers =
        [
            ("block_size", Rows), ("block_count", 2), ("context_length", 4096), ("feed_forward_length", Inner), ("attention.head_count", Heads), ("attention.head_count_kv", 1),
            ("attention.key_length", HeadSize), ("attention.value_length", HeadSize), .. numbers,
        ],
        Tensors = [("fc.weight", [Hidden, states.Length * Hidden]), ("fc_norm.weight", [Hidden]), ("mask_embd.weight", [Hidden]), .. tensors, .. Layer(0), .. Layer(1)],
    };

    private static (string, int[])[] Layer(int number)
    {
        string at = $"blk.{number}.";
        return
        [
            (at + "attn_norm.weight", [Hidden]), (at + "attn_q.weight", [Heads * HeadSize, Hidden]), (at + "attn_k.weight", [HeadSize, Hidden]), (at + "attn_v.weight", [HeadSize, Hidden]),
            (at + "attn_output.weight", [Hidden, Heads * HeadSize]), (at + "ffn_norm.weight", [Hidden]), (at + "ffn_gate.weight", [Inner, Hidden]), (at + "ffn_up.weight", [Inner, Hidden]),
            (at + "ffn_down.weight", [Hidden, Inner]),
        ];
    }
}
