using Percheron.Training.Nets;
using static TorchSharp.torch;

namespace Percheron.Training.Runs;

/// <summary>Cross-entropy of the next token: plain language modelling.</summary>
public sealed class NextToken : IObjective<LlamaNet>
{
    /// <inheritdoc/>
    public Tensor Loss(LlamaNet net, Batch batch)
    {
        Tensor logits = net.Logits(net.Hidden(batch.Inputs, batch.Mask(net.Compute))).to(ScalarType.Float32);
        return nn.functional.cross_entropy(logits, batch.Targets);
    }
}
