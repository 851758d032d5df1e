using Percheron.Training.Nets;
using Percheron.Training.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Percheron.Training.Distillation;

/// <summary>Brings a draft's law to its target's, on text of either or of the corpus.</summary>
/// <remarks>Held-out measurements always use the rows as they are: drawn text would differ from one measurement to the next.</remarks>
/// <param name="target">Whose law it is to be.</param>
/// <param name="divergence">What is minimised.</param>
/// <param name="data">Who continues the rows.</param>
/// <param name="prompt">Tokens kept of each row as the beginning that is continued.</param>
public sealed class Distil(LlamaNet target, Divergence divergence, DistillationData data, int prompt = Distil.Prompt) : IObjective<LlamaNet>
{
    /// <summary>Tokens kept of each row unless another number is given.</summary>
    public const int Prompt = 64;

    /// <inheritdoc/>
    public Tensor Loss(LlamaNet net, Batch batch)
    {
        if (batch.Key is ulong key && Author(net, key) is { } author)
        {
            Tensor drawn = Continuation.Draw(author, batch.Rows.narrow(1, 0, Math.Min(prompt, batch.Time)), (int)batch.Time + 1, key);
            batch = batch with { Rows = drawn, Apart = zeros_like(batch.Apart) };
        }
        Tensor law;
        using (no_grad()) law = Law(target, batch);
        return divergence.PerRow(law, Law(net, batch)).mean();
    }

    /// <summary>Who writes the text of a pass; null: nobody, it is the corpus.</summary>
    private LlamaNet? Author(LlamaNet net, ulong key) => data switch
    {
        DistillationData.Teacher => target,
        DistillationData.Student => net,
        DistillationData.Mixed => (SplitMix(key) & 1) == 0 ? net : null,
        _ => null,
    };

    private static ulong SplitMix(ulong key) => Corpus.SplitMix.Next(ref key);

    private static Tensor Law(LlamaNet net, Batch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor logits = net.Logits(net.Hidden(batch.Inputs, batch.Mask(net.Compute))).to(ScalarType.Float32);
        return nn.functional.log_softmax(logits, -1).MoveToOuterDisposeScope();
    }
}
