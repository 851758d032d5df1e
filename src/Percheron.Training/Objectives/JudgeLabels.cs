using Percheron.Training.Corpus;
using Percheron.Training.Nets;
using Percheron.Training.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>
/// Judge decoding: which tokens are right where they stand, though the target would have said another. Right are tokens of the documents that were not the target's best; wrong are tokens put in the
/// place of the document's, the target's best or second best there.
/// </summary>
/// <remarks>
/// Source: Bachmann et al. 2025, arXiv 2501.19309, §3.2. The paper's labels are written by people, for answers with one wrong place each; these are made of documents, so that "right" means no more than "stands in
/// the document". Both kinds weigh the same.
/// </remarks>
/// <param name="target">The frozen target; disposed with this object.</param>
public sealed class JudgeLabels(LlamaNet target) : IObjective<JudgeNet>, IDisposable
{
    // One token in so many is put in the place of the document's.
    private const int Every = 8;

    /// <inheritdoc/>
    public Tensor Loss(JudgeNet net, Batch batch)
    {
        (Tensor state, Tensor right, Tensor wrong) = Labelled(batch);
        Tensor odds = net.Odds(state);
        Tensor Mean(Tensor loss, Tensor where) => (loss * where).sum() / where.sum().clamp_min(1);
        return 0.5 * (Mean(nn.functional.softplus(odds.neg()), right) + Mean(nn.functional.softplus(odds), wrong));
    }

    /// <summary>States FP32 [batch, time, width] of a text with wrong tokens in it, and which of them are labelled right and wrong, FP32 [batch, time].</summary>
    public (Tensor State, Tensor Right, Tensor Wrong) Labelled(Batch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        Tensor tokens = batch.Inputs, mask = batch.Mask(target.Compute);
        long count = batch.Count, time = batch.Time;
        Tensor best = target.Logits(target.Hidden(tokens, mask)).view(count, time, target.Shape.Vocab).topk(2, dim: 2).indexes;
        // What could have stood at a position was foretold at the one before; the first has nothing before it.
        Tensor truth = tokens.narrow(1, 1, time - 1), first = best.narrow(1, 0, time - 1).select(2, 0), second = best.narrow(1, 0, time - 1).select(2, 1);
        Tensor other = where(first.eq(truth), second, first), chosen = Chosen(batch.Key ?? 1, count, time - 1);
        Tensor mixed = cat([tokens.narrow(1, 0, 1), where(chosen, other, truth)], 1);
        Tensor state = target.Hidden(mixed, mask).to(ScalarType.Float32).view(count, time, target.Shape.Width);
        Tensor none = zeros([count, 1]), wrong = cat([none, chosen.to(ScalarType.Float32)], 1), right = cat([none, first.ne(truth).logical_and(chosen.logical_not()).to(ScalarType.Float32)], 1);
        return (state.MoveToOuterDisposeScope(), right.MoveToOuterDisposeScope(), wrong.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose() => target.Dispose();

    private static Tensor Chosen(ulong key, long rows, long columns)
    {
        var chosen = new bool[rows * columns];
        for (int i = 0; i < chosen.Length; i++) chosen[i] = SplitMix.Next(ref key) % Every == 0;
        return tensor(chosen, rows, columns);
    }
}
