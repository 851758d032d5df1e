using Percheron.Training.Nets;
using Percheron.Training.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Percheron.Training.Speech;

/// <summary>Rows of a recogniser with its decoder's last hidden state at every input, which heads on it learn from. The recogniser is small enough to run along.</summary>
/// <param name="rows">Recordings and texts.</param>
/// <param name="target">The recogniser; read only, not owned.</param>
public sealed class UtteranceStates(UtteranceRows rows, WhisperNet target) : IRowSource
{
    /// <inheritdoc/>
    public int Length => rows.Length;

    /// <inheritdoc/>
    public int HeldOutCount => rows.HeldOutCount;

    /// <inheritdoc/>
    public Batch Rows(long first, int count, ulong key) => WithState(rows.Rows(first, count, key));

    /// <inheritdoc/>
    public Batch HeldOut(int row) => WithState(rows.HeldOut(row));

    private Batch WithState(Batch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        Tensor states = target.Encode(batch.Sound!.Values, batch.Sound.Counts);
        Tensor last = target.Hidden(batch.Inputs, states, target.Mask(batch.Sound.Counts, states.shape[1])).to(ScalarType.Float32).view(batch.Count, batch.Time, target.Shape.Width);
        // The end of text that follows a text is to be guessed like any other token, so a row is one document.
        return batch with { Apart = zeros_like(batch.Apart).MoveToOuterDisposeScope(), States = new Dictionary<int, Tensor> { [target.Shape.DecoderLayers + 1] = last.MoveToOuterDisposeScope() } };
    }
}
