using Percheron.Training.Corpus;
using Percheron.Training.Nets;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>
/// CLLM: the target itself learns to say from any point of its Jacobi trajectory what it says at the end of it (global consistency), or at the next point (local), and goes on learning to write.
/// </summary>
/// <remarks>
/// Source: Kou et al. 2024, arXiv 2403.00835, §3.2. Trajectories are those of the target as it was, greedy, one block for each row of a pass; the block begins with tokens of the text before it.
/// </remarks>
/// <param name="target">The target as it was, frozen; disposed with this object.</param>
/// <param name="block">Tokens refined together.</param>
/// <param name="isGlobal">Whether the end of the trajectory is the goal, or the next point.</param>
/// <param name="writing">ω, the weight of the block's end as text.</param>
public sealed class Consistency(LlamaNet target, int block, bool isGlobal, double writing) : IObjective<LlamaNet>, IDisposable
{
    /// <inheritdoc/>
    public Tensor Loss(LlamaNet net, Batch batch)
    {
        ulong state = batch.Key ?? 1;
        // A short beginning now and then: the cost of a trajectory is that of its beginning.
        int longest = (int)Math.Min(batch.Time - block, 128), seen = 1 + (int)(SplitMix.Next(ref state) % (ulong)longest), from = (int)(SplitMix.Next(ref state) % (ulong)seen);
        Tensor prefix = batch.Inputs.narrow(1, 0, seen);
        List<Tensor> points = Trajectory(prefix, from);
        int at = points.Count < 2 ? 0 : (int)(SplitMix.Next(ref state) % (ulong)(points.Count - 1));
        Tensor end = points[^1], noisy = points[at], goal = isGlobal || points.Count < 2 ? end : points[at + 1];
        Tensor law;
        using (no_grad()) law = nn.functional.softmax(Answers(net, prefix, goal).to(ScalarType.Float32), -1).detach();
        Tensor guess = nn.functional.log_softmax(Answers(net, prefix, noisy).to(ScalarType.Float32), -1);
        // An answer is inconsistent only behind the first token in which the two points differ.
        Tensor differs = noisy.ne(goal).to(ScalarType.Int64).cumsum(1).gt(0).to(ScalarType.Float32);
        Tensor behind = cat([zeros([batch.Count, 1]), differs.narrow(1, 0, block - 1)], 1);
        Tensor consistency = ((law * guess).sum(-1) * behind).sum().neg() / behind.sum().clamp_min(1);
        Tensor text = nn.functional.cross_entropy(Answers(net, prefix, end).to(ScalarType.Float32).flatten(0, 1), end.reshape(-1));
        return consistency + (writing * text);
    }

    /// <summary>The points int64 [batch, block] of the Jacobi trajectories behind prefixes [batch, seen], until none of them changes.</summary>
    public List<Tensor> Trajectory(Tensor prefix, int from)
    {
        using IDisposable fixedValues = no_grad();
        long seen = prefix.shape[1];
        List<Tensor> points = [prefix.index_select(1, arange(block, ScalarType.Int64).add(from).remainder(seen))];
        for (int i = 0; i < block; i++)
        {
            Tensor next = Answers(target, prefix, points[^1]).argmax(2);
            if (next.Equals(points[^1])) break;
            points.Add(next);
        }
        return points;
    }

    /// <inheritdoc/>
    public void Dispose() => target.Dispose();

    // Logits [batch, block, vocab] at the places of a block's tokens.
    private Tensor Answers(LlamaNet net, Tensor prefix, Tensor tokens)
    {
        long seen = prefix.shape[1], time = seen + block;
        Tensor hidden = net.Hidden(cat([prefix, tokens], 1)).view(prefix.shape[0], time, net.Shape.Width).narrow(1, seen - 1, block);
        return net.Logits(hidden);
    }
}
