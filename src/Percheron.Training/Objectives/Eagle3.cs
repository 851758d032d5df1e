using Percheron.Training.Nets;
using Percheron.Training.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>
/// EAGLE-3: only laws count, no states, over several passes in which the network goes on with its own output, as it will when it drafts (training-time test). The target's law is that among the tokens the
/// network knows, at positions where its best token is one of them.
/// </summary>
/// <remarks>Source: EAGLE-3, arXiv 2503.01840, §3.2; weights 0.8^j of the authors' code.</remarks>
/// <param name="states">States of the target that are read.</param>
/// <param name="steps">Passes; 1 is no training-time test.</param>
public sealed class Eagle3(IReadOnlyList<int> states, int steps) : IObjective<Eagle3Net>
{
    private const double Decay = 0.8;

    /// <inheritdoc/>
    public Tensor Loss(Eagle3Net net, Batch batch)
    {
        (Tensor law, Tensor knows) = Target(net, batch.State(net.Target.LastState).view(-1, net.Shape.Width));
        Tensor read = cat([.. states.Select(batch.State)], 2), sum = zeros(1);
        var unrolling = new FeatureUnrolling(net, batch);
        double weight = 1, weights = 0;
        for (int step = 0; step < steps; step++)
        {
            read = unrolling.Next(unrolling.Behind(read));
            Tensor worse = Laws.CrossEntropy(law, net.Logits(read.view(-1, net.Shape.Width)));
            sum = sum + (weight * Laws.Mean(worse, unrolling.Counts() * knows));
            weights += weight;
            weight *= Decay;
        }
        return sum.sum() / weights;
    }

    // The target's law among the known tokens, and 1 where its best token is one of them.
    private static (Tensor Law, Tensor Knows) Target(Eagle3Net net, Tensor state)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        Tensor logits = net.Target.Logits(state).to(ScalarType.Float32);
        Tensor known = zeros(logits.shape[1]).index_fill(0, net.Known, 1), knows = known.index_select(0, logits.argmax(-1));
        return (nn.functional.log_softmax(logits.index_select(1, net.Known), -1).MoveToOuterDisposeScope(), knows.MoveToOuterDisposeScope());
    }
}
