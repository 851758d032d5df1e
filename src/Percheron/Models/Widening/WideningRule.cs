using Percheron.Formats;

namespace Percheron.Models.Widening;

/// <summary>How a tensor grows when every unit of a model becomes several.</summary>
/// <param name="Parts">Sizes of the runs of outputs of which each is repeated as a whole, one copy behind the other (heads stay together, and so do query, key and value of a fused matrix); null: outputs stay.</param>
/// <param name="Inputs">What becomes of the columns; meaningless for a vector, whose only axis is outputs.</param>
/// <param name="Scale">Factor on every weight.</param>
/// <param name="Pieces">Equal runs of columns, of which each grows by itself: what a head reads side by side.</param>
internal sealed record WideningRule(int[]? Parts, WideningRule.Columns Inputs = WideningRule.Columns.Kept, float Scale = 1, int Pieces = 1)
{
    /// <summary>What becomes of the columns of a matrix.</summary>
    public enum Columns
    {
        /// <summary>They stay.</summary>
        Kept,

        /// <summary>The weights that left a unit leave its copies in shares that add up.</summary>
        Split,

        /// <summary>A stored hidden state: every copy of a unit has its value.</summary>
        Repeated,
    }

    /// <summary>The rule for a tensor of a model.</summary>
    /// <param name="file">Where errors point.</param>
    /// <param name="tensor">One of its tensors.</param>
    /// <param name="sizes">Sizes before widening.</param>
    /// <exception cref="ModelFormatException">It is not known what this tensor does.</exception>
    public static WideningRule Of(GgufFile file, TensorInfo tensor, WideningSizes sizes)
    {
        (int hidden, int inner, int query, int key) = sizes;
        string[] name = tensor.Name.Split('.');
        // A head may read several states side by side.
        int pieces = tensor.Columns > hidden && tensor.Columns % hidden == 0 ? (int)(tensor.Columns / hidden) : 1;
        return Role(name) switch
        {
            "token_embd" or "position_embd" or "extra" => new(Parts: null, Columns.Repeated),
            // Before the target's projection it turns a state into another.
            "proj_a" or "output_a" when !file.TryGetTensor(string.Join('.', [.. name[..^2], name[^2][..^1] + "b", name[^1]]), out _) => new([hidden], Columns.Split),
            "output" or "proj" or "proj_a" or "output_a" or "judge" or "confidence" => new(Parts: null, Columns.Split),
            "output_norm" or "attn_norm" or "ffn_norm" or "enorm" or "hnorm" or "fc_norm" or "mask_embd" => new([hidden]),
            "fc" or "res" or "blk" or "rnn_w" or "rnn_u" => new([hidden], Columns.Split, Pieces: pieces),
            "attn_q" => new([query], Columns.Split, Pieces: pieces),
            "attn_k" or "attn_v" => new([key], Columns.Split, Pieces: pieces),
            "attn_qkv" => new([query, key, key], Columns.Split, Pieces: pieces),
            "attn_output" or "ffn_down" => new([hidden], Columns.Split),
            "ffn_gate" => new([inner], Columns.Split),
            "ffn_up" => new(Outputs(tensor) == 2L * inner ? [inner, inner] : [inner], Columns.Split),
            // One for all heads, or for all positions.
            "attn_q_norm" or "attn_k_norm" or "rope_freqs" or "rope_factors_long" or "rope_factors_short" => new(Parts: null),
            // Before and behind inner floats or a rank that stay.
            "up" => new(Parts: null, Columns.Split),
            "down" => new([hidden]),
            "proj_b" or "output_b" or "markov_in" or "markov_out" or "confidence_before" => new(Parts: null),
            _ => throw file.Fault(tensor, $"tensor '{tensor.Name}' is none whose role is known, so it cannot be widened"),
        };
    }

    // What a tensor does is said by the last part of its name but one: those of layers (blk.0.attn_q.weight) and of heads (head.0.fc.weight) do it for one of several; the blocks of a head have numbers only.
    private static string Role(string[] name) => name switch
    {
        ["blk", _, var role, _] => role,
        ["blk", _, _] => "blk",
        ["head", _, var role, _, _] => role,
        ["head", _, var role, _] => role,
        _ => string.Join('.', name[..^1]),
    };

    private static long Outputs(TensorInfo tensor) => tensor.Dimensions.Length == 1 ? tensor.Columns : tensor.Rows;
}
