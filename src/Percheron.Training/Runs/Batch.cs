using Percheron.Training.Nets;
using Percheron.Training.Tokens;
using static TorchSharp.torch;

namespace Percheron.Training.Runs;

/// <summary>The rows of one pass.</summary>
/// <param name="Rows">Ids [batch, time + 1]: each row's inputs and the token after each.</param>
/// <param name="Apart">[batch, 1]: 1 where a row's documents do not see each other.</param>
/// <param name="Key">Names the pass within the run, for draws that must repeat when it is resumed; null when measuring, where nothing is drawn.</param>
public sealed record Batch(Tensor Rows, Tensor Apart, ulong? Key)
{
    /// <summary>Length of the inputs.</summary>
    public long Time => Rows.shape[1] - 1;

    /// <summary>Inputs [batch, time].</summary>
    public Tensor Inputs => Rows.narrow(1, 0, Time);

    /// <summary>The token after each input [batch · time].</summary>
    public Tensor Targets => Rows.narrow(1, 1, Time).reshape(-1);

    /// <summary>The attention mask of the inputs for a network.</summary>
    public Tensor Mask(LlamaNet net) => net.DocumentMask(Inputs, Apart, BpeVocabulary.EndOfText);
}
