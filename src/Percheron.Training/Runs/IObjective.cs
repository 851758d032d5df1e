using Percheron.Training.Nets;
using static TorchSharp.torch;

namespace Percheron.Training.Runs;

/// <summary>What a run minimises.</summary>
public interface IObjective
{
    /// <summary>
    /// The mean loss, a scalar, of a network on rows of tokens [batch, time + 1]; <paramref name="mask"/> is <see cref="LlamaNet.Hidden"/>'s.
    /// Called from several threads, each with its own replica.
    /// </summary>
    Tensor Loss(LlamaNet net, Tensor rows, Tensor mask);
}
