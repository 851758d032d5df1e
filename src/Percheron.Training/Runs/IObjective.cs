using Percheron.Training.Nets;
using static TorchSharp.torch;

namespace Percheron.Training.Runs;

/// <summary>What a run minimises.</summary>
public interface IObjective
{
    /// <summary>The mean loss, a scalar, of a network on a batch. Called from several threads, each with its own replica.</summary>
    Tensor Loss(LlamaNet net, Batch batch);
}
