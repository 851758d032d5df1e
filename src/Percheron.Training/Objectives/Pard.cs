using Percheron.Training.Corpus;
using Percheron.Training.Nets;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>
/// PARD: subtask i answers the token i + 1 places behind an anchor from i masks; subtask 0 is the ordinary next token. Conditional drop: each subtask keeps a share of the anchors of the one before, so that
/// the masks of all subtasks together are about as many as the tokens.
/// </summary>
/// <remarks>Source: PARD, arXiv 2504.18583. The law to reach is the target's at every place.</remarks>
/// <param name="depth">Tokens guessed at once, the ordinary one included.</param>
/// <param name="keep">Share of the anchors that the next subtask keeps.</param>
/// <param name="target">Whose law it is.</param>
public sealed class Pard(int depth, double keep, TargetHead target) : IObjective<PardNet>
{
    /// <inheritdoc/>
    public Tensor Loss(PardNet net, Batch batch)
    {
        int time = (int)batch.Time;
        (int[] anchors, int[] steps) = Masks(time, batch.Key ?? 0);
        // Row j sees row i: the tokens up to its anchor, and its anchor's masks up to itself. A token is its own anchor, without masks.
        Tensor anchor = tensor([.. Enumerable.Range(0, time), .. anchors]), step = tensor([.. new int[time], .. steps]);
        Tensor ofToken = step.eq(0).unsqueeze(0) & anchor.unsqueeze(0).le(anchor.unsqueeze(1));
        Tensor ofMask = step.gt(0).unsqueeze(0) & anchor.unsqueeze(0).eq(anchor.unsqueeze(1)) & step.unsqueeze(0).le(step.unsqueeze(1));
        Tensor at = anchor.to(ScalarType.Int64), document = batch.Documents.narrow(1, 0, time).index_select(1, at);
        Tensor same = document.unsqueeze(1).eq(document.unsqueeze(2));
        Tensor mask = zeros([batch.Count, time + anchors.Length, time + anchors.Length], net.Compute).masked_fill(((ofToken | ofMask).unsqueeze(0) & same).logical_not(), float.NegativeInfinity).unsqueeze(1);

        Tensor place = (anchor + step).to(ScalarType.Int64);
        Tensor hidden = net.Hidden(batch.Inputs, place, mask);
        Tensor law = target.Law(batch.State(target.LastState)).index_select(1, place), logits = nn.functional.log_softmax(net.Logits(hidden).to(ScalarType.Float32), -1);
        Tensor worse = -(law.exp() * logits).sum(-1), counts = batch.Documents.index_select(1, place + 1).eq(document).to(ScalarType.Float32);
        return (worse * counts).sum() / counts.sum().clamp(min: 1);
    }

    // Anchors and how many masks behind them each mask is; an anchor that a subtask keeps was kept by the one before.
    private (int[] Anchors, int[] Steps) Masks(int time, ulong state)
    {
        int[] kept = [.. Enumerable.Range(0, time - depth)];
        var anchors = new List<int>();
        var steps = new List<int>();
        for (int step = 1; step < depth; step++)
        {
            int count = Math.Max(1, (int)(kept.Length * keep));
            for (int i = 0; i < count; i++)
            {
                int other = i + (int)(SplitMix.Next(ref state) % (ulong)(kept.Length - i));
                (kept[i], kept[other]) = (kept[other], kept[i]);
            }
            kept = [.. kept.Take(count).Order()];
            anchors.AddRange(kept);
            steps.AddRange(Enumerable.Repeat(step, count));
        }
        return ([.. anchors], [.. steps]);
    }
}
