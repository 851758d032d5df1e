using Percheron.Training.Nets;
using static TorchSharp.torch;

namespace Percheron.Training.Runs;

/// <summary>Cross-entropy of the next token: plain language modelling.</summary>
public sealed class NextToken : IObjective
{
    /// <inheritdoc/>
    public Tensor Loss(LlamaNet net, Tensor rows, Tensor mask)
    {
        long time = rows.shape[1] - 1;
        Tensor logits = net.Logits(net.Hidden(rows.narrow(1, 0, time), mask)).to(ScalarType.Float32);
        return nn.functional.cross_entropy(logits, rows.narrow(1, 1, time).reshape(-1));
    }
}
