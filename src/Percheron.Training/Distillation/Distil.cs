using Percheron.Codecs;
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

    /// <summary>Classifier-free guidance of the target: its law is made of logits u + scale · (c − u), where u are those without the condition; null: it is not guided.</summary>
    public (CodeLayout Codes, float Scale)? Guidance { get; init; }

    /// <inheritdoc/>
    public Tensor Loss(LlamaNet net, Batch batch)
    {
        if (batch.Key is ulong key && Author(net, key) is { } author)
        {
            Tensor drawn = Continuation.Draw(author, batch.Rows.narrow(1, 0, Math.Min(prompt, batch.Time)), (int)batch.Time + 1, key);
            batch = batch with { Rows = drawn, Apart = zeros_like(batch.Apart) };
        }
        Tensor law;
        using (no_grad()) law = TargetLaw(batch);
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

    private Tensor TargetLaw(Batch batch)
    {
        if (Guidance is not { } guidance) return Law(target, batch);
        using DisposeScope scope = NewDisposeScope();
        (CodeLayout codes, float scale) = guidance;
        Tensor rows = batch.Rows, condition = rows.gt(0).logical_and(rows.lt(codes.First)).logical_and(rows.ne(codes.Begin));
        Tensor with = Logits(target, batch), without = Logits(target, batch with { Rows = rows.masked_fill(condition, codes.Blank) });
        return nn.functional.log_softmax(without + (scale * (with - without)), -1).MoveToOuterDisposeScope();
    }

    private static ulong SplitMix(ulong key) => Corpus.SplitMix.Next(ref key);

    private static Tensor Law(LlamaNet net, Batch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        return nn.functional.log_softmax(Logits(net, batch), -1).MoveToOuterDisposeScope();
    }

    private static Tensor Logits(LlamaNet net, Batch batch) => net.Logits(net.Hidden(batch.Inputs, batch.Mask(net.Compute))).to(ScalarType.Float32);
}
