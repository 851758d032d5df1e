using static TorchSharp.torch;

namespace Percheron.Training.Nets;

/// <summary>Reads rows one position at a time, keeping keys and values, for drawing text during training. Call it where gradients are not recorded.</summary>
public sealed class StepwiseReader : IDisposable
{
    private readonly LlamaNet _net;
    private readonly int _batch;
    private readonly Tensor[] _keys, _values;
    private int _position;

    /// <summary>An empty memory for <paramref name="batch"/> rows of up to the network's context.</summary>
    public StepwiseReader(LlamaNet net, int batch)
    {
        (_net, _batch) = (net, batch);
        LlamaShape shape = net.Shape;
        Tensor Memory() => zeros([batch * shape.KeyHeads, shape.Context, shape.HeadSize], net.Compute).DetachFromDisposeScope();
        _keys = [.. Enumerable.Range(0, shape.Layers).Select(_ => Memory())];
        _values = [.. Enumerable.Range(0, shape.Layers).Select(_ => Memory())];
    }

    /// <summary>Normalised last hidden states [batch, width] of one token per row [batch, 1] at the next position.</summary>
    public Tensor Read(Tensor tokens)
    {
        Tensor x = _net.Embed(tokens);
        for (int layer = 0; layer < _net.Shape.Layers; layer++)
        {
            x += Attention(_net.Norm(x, $"blk.{layer}.attn_norm"), layer);
            x += _net.Layer(layer).FeedForward(_net.Norm(x, $"blk.{layer}.ffn_norm"));
        }
        _position++;
        return _net.Norm(x, "output_norm");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in _keys.Concat(_values)) tensor.Dispose();
    }

    private Tensor Attention(Tensor x, int layer)
    {
        LlamaShape shape = _net.Shape;
        (Tensor q, Tensor k, Tensor v) = _net.Layer(layer).Project(x, _batch, time: 1, start: _position);
        Tensor keys = _keys[layer], values = _values[layer];
        keys.narrow(1, _position, 1).copy_(k.reshape(_batch * shape.KeyHeads, 1, shape.HeadSize));
        values.narrow(1, _position, 1).copy_(v.reshape(_batch * shape.KeyHeads, 1, shape.HeadSize));
        // Always over the whole memory: libtorch compiles a BF16 product anew for every shape it meets.
        Tensor scores = bmm(q.reshape(_batch * shape.KeyHeads, shape.Heads / shape.KeyHeads, shape.HeadSize), keys.transpose(1, 2)).add_(_net.Seen(_position));
        Tensor mixed = bmm(nn.functional.softmax(scores, 2), values);
        return nn.functional.linear(mixed.reshape(_batch, shape.Heads * shape.HeadSize), _net.Weight($"blk.{layer}.attn_output"));
    }
}
