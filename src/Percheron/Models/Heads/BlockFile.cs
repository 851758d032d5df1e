using Percheron.Formats;
using Percheron.Kernels;
using Percheron.Models.Architectures;

namespace Percheron.Models.Heads;

/// <summary>Reads a block draft from its file: <c>dflash</c>, whose rows guess the token at their own position, and <c>dspark</c>, whose rows guess the next one.</summary>
/// <remarks>
/// Axes by size, for widening. The target's hidden size in: <c>fc.weight</c> (columns, one after the other for each state), <c>attn_q/k/v</c>, <c>ffn_gate/up</c>, <c>output</c>, <c>confidence</c>. Out: <c>fc.weight</c> (rows), <c>attn_output</c>, <c>ffn_down</c>, <c>mask_embd</c>, all norms. Neither: <c>markov_in</c>, <c>markov_out</c>, <c>confidence_before</c>.
/// </remarks>
internal static class BlockFile
{
    private static readonly Architecture Layer = new() { Names = [], Rope = RopeLayout.Adjacent };

    private const int MostRows = 64, MostRank = 4096;

    /// <exception cref="ModelFormatException">Something is missing or impossible.</exception>
    public static BlockWeights Read(HeadTensors tensors, int states)
    {
        bool shifted = tensors.Architecture == "dspark";
        TransformerConfig config = new ConfigReader(tensors.File, tensors.Architecture, Layer).Read(new ModelOptions { ContextLength = tensors.Target.ContextLength }, tensors.Target.Vocab);
        int hidden = config.HiddenSize, rows = tensors.Integer("block_size", shifted ? 1 : 2, MostRows);
        return new BlockWeights
        {
            Target = tensors.Target,
            Config = config,
            Layers = new WeightReader(tensors.File, Layer, config).Layers(),
            Fusion = tensors.Projection("fc", hidden, states * hidden),
            FusionNorm = new Norm(tensors.Vector("fc_norm.weight", hidden), null),
            Mask = tensors.Vector("mask_embd.weight", hidden).Values.ToArray(),
            Rows = rows,
            FirstGuess = shifted ? 0 : 1,
            OutputNorm = tensors.Has("output_norm.weight") ? new Norm(tensors.Vector("output_norm.weight", hidden), null) : tensors.Target.Weights.OutputNorm,
            Output = HeadOutput.Common(tensors),
            Markov = tensors.Has("markov_in.weight") ? Markov(tensors, hidden, rows) : null,
            Rope = config.Rope is { } rope ? new RopeTables(rope, config.ContextLength + rows) : null,
            Half = tensors.Target.CacheType == CacheType.F16,
        };
    }

    private static MarkovWeights Markov(HeadTensors tensors, int hidden, int guesses)
    {
        int rank = tensors.Integer("markov_rank", 1, MostRank);
        float[]? confidence = tensors.Has("confidence.weight") ? [.. tensors.Vector("confidence.weight", hidden).Values, .. tensors.Vector("confidence_before.weight", rank).Values, tensors.Vector("confidence.bias", 1).Values[0]] : null;
        return new MarkovWeights(tensors.Matrix("markov_in.weight", tensors.Target.Vocab, rank), tensors.Projection("markov_out", tensors.Target.Vocab, rank), confidence, Temperatures(tensors, guesses));
    }

    private static float[] Temperatures(HeadTensors tensors, int guesses)
    {
        string key = $"{tensors.Architecture}.temperatures";
        if (!tensors.File.TryGetFloats(key, out float[] temperatures)) return [1];
        if (temperatures.Length != guesses || !temperatures.All(temperature => temperature > 0 && float.IsFinite(temperature)))
            throw tensors.File.Fault(key, $"{key}: there should be one above 0 for each of the {guesses} guesses of a block");
        return temperatures;
    }
}
