using Percheron.Training.Nets;
using static TorchSharp.torch;

namespace Percheron.Training.Runs;

/// <summary>What a run minimises.</summary>
/// <typeparam name="TNet">The network it trains.</typeparam>
public interface IObjective<in TNet>
    where TNet : Net
{
    /// <summary>The mean loss, a scalar, of a network on a batch. Called from several threads, each with its own replica; what it draws depends on <see cref="Batch.Key"/> alone.</summary>
    Tensor Loss(TNet net, Batch batch);
}
