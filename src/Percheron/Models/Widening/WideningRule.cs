using Percheron.Formats;

namespace Percheron.Models.Widening;

/// <summary>How a tensor grows when every unit of a model becomes several.</summary>
/// <param name="Parts">Sizes of the runs of outputs of which each is repeated as a whole, one copy behind the other (heads stay together, and so do query, key and value of a fused matrix); null: outputs stay.</param>
/// <param name="Inputs">What becomes of the columns; meaningless for a vector, whose only axis is outputs.</param>
/// <param name="Scale">Factor on every weight.</param>
internal sealed record WideningRule(int[]? Parts, WideningRule.Columns Inputs = WideningRule.Columns.Kept, float Scale = 1)
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
    /// <param name="config">Sizes before widening.</param>
    /// <param name="factor">Copies.</param>
    /// <exception cref="ModelFormatException">It is not known what this tensor does.</exception>
    public static WideningRule Of(GgufFile file, TensorInfo tensor, TransformerConfig config, int factor)
    {
        int hidden = config.HiddenSize, inner = config.FeedForwardSize, query = config.QuerySize, key = config.KeyValueSize;
        // A tied embedding is the output matrix too, where copies of a column add up: the norm before it makes good for that.
        bool tied = !file.TryGetTensor("output.weight", out _);
        string[] name = tensor.Name.Split('.');
        return (name[0] == "blk" && name.Length == 4 ? name[2] : string.Join('.', name[..^1])) switch
        {
            "token_embd" or "position_embd" => new(Parts: null, Columns.Repeated),
            "output" => new(Parts: null, Columns.Split),
            "output_norm" => new([hidden], Scale: tied ? 1f / factor : 1),
            "attn_norm" or "ffn_norm" => new([hidden]),
            "attn_q" => new([query], Columns.Split),
            "attn_k" or "attn_v" => new([key], Columns.Split),
            "attn_qkv" => new([query, key, key], Columns.Split),
            "attn_output" or "ffn_down" => new([hidden], Columns.Split),
            "ffn_gate" => new([inner], Columns.Split),
            "ffn_up" => new(Outputs(tensor) == 2L * inner ? [inner, inner] : [inner], Columns.Split),
            // One for all heads, or for all positions.
            "attn_q_norm" or "attn_k_norm" or "rope_freqs" or "rope_factors_long" or "rope_factors_short" => new(Parts: null),
            _ => throw file.Fault(tensor, $"tensor '{tensor.Name}' is none whose role is known, so it cannot be widened"),
        };
    }

    private static long Outputs(TensorInfo tensor) => tensor.Dimensions.Length == 1 ? tensor.Columns : tensor.Rows;
}
