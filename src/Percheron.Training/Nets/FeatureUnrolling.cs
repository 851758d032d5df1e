using Percheron.Training.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Percheron.Training.Nets;

/// <summary>
/// A feature network read as drafting reads it, all positions at once: pass 0 reads the target's states; pass j reads, at each position, a state of pass j − 1, and attends to what a draft of depth j has before
/// it: rows of pass 0 up to j positions back, then one row of each pass since.
/// </summary>
/// <remarks>Source: EAGLE-3, arXiv 2503.01840, §3.2 (training-time test); HASS, arXiv 2408.15766, §3.2 (context alignment).</remarks>
public sealed class FeatureUnrolling
{
    private readonly FeatureNet _net;
    private readonly long _batch, _time;
    private readonly Tensor _embeddings, _mask, _documents;
    private readonly List<(Tensor Keys, Tensor Values)> _passes = [];

    /// <summary>Begins with the inputs of a batch.</summary>
    public FeatureUnrolling(FeatureNet net, Batch batch)
    {
        (_net, _batch, _time) = (net, batch.Count, batch.Time);
        using IDisposable fixedValues = no_grad();
        _embeddings = net.Embed(batch.Inputs).view(-1, net.Shape.Width);
        _mask = batch.Mask(net.Compute);
        _documents = batch.Documents.narrow(1, 0, _time);
    }

    /// <summary>How many passes there have been.</summary>
    public int Passes => _passes.Count;

    /// <summary>States [batch, time, any] as the rows behind them read them: each at the next position, zeros at the first one of a document.</summary>
    public Tensor Behind(Tensor states)
    {
        Tensor shifted = cat([zeros_like(states.narrow(1, 0, 1)), states.narrow(1, 0, _time - 1)], 1);
        return shifted * Same(1).unsqueeze(2);
    }

    /// <summary>Which rows of the last pass stand far enough behind the beginning of their document to be a draft of that depth, FP32 [batch · time], 0 or 1.</summary>
    public Tensor Counts() => Same(Passes - 1).reshape(-1);

    /// <summary>One pass over states that rows read (<see cref="Behind"/>) [batch, time, any]; returns the states it makes, FP32 [batch, time, width].</summary>
    public Tensor Next(Tensor states)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor stream, Tensor attended) = _net.Enter(_embeddings, states.reshape(_batch * _time, -1), own: Passes > 0);
        (Tensor q, Tensor k, Tensor v) = _net.Layer.Project(attended, _batch, _time, start: 0);
        _passes.Add((PerHead(k).MoveToOuterDisposeScope(), PerHead(v).MoveToOuterDisposeScope()));
        Tensor mixed = Mix(q.transpose(1, 2)).transpose(1, 2).reshape(_batch * _time, -1);
        stream = stream + nn.functional.linear(mixed, _net.Weight("blk.0.attn_output"));
        stream = stream + _net.Layer.FeedForward(_net.Norm(stream, "blk.0.ffn_norm"));
        return _net.Leave(stream).to(ScalarType.Float32).view(_batch, _time, -1).MoveToOuterDisposeScope();
    }

    // Attention of queries [batch, heads, time, size] of the last pass.
    private Tensor Mix(Tensor q)
    {
        int last = Passes - 1;
        List<Tensor> scores = [q.matmul(_passes[0].Keys.transpose(2, 3)) + (last == 0 ? _mask : _mask + full([_time, _time], float.NegativeInfinity).triu(1 - last).to(_net.Compute))];
        for (int pass = 1; pass <= last; pass++)
        {
            Tensor score = (q * Back(_passes[pass].Keys, last - pass)).sum(-1, keepdim: true);
            scores.Add(score.masked_fill(Same(last - pass).eq(0).view(_batch, 1, _time, 1), float.NegativeInfinity));
        }
        Tensor weights = nn.functional.softmax(cat(scores, -1), -1);
        Tensor mixed = weights.narrow(3, 0, _time).matmul(_passes[0].Values);
        for (int pass = 1; pass <= last; pass++) mixed = mixed + weights.narrow(3, _time + pass - 1, 1) * Back(_passes[pass].Values, last - pass);
        return mixed;
    }

    // What stands some positions before each one [batch, heads, time, size]; zeros before the first.
    private Tensor Back(Tensor x, int positions) =>
        positions == 0 ? x : cat([zeros_like(x.narrow(2, 0, positions)), x.narrow(2, 0, _time - positions)], 2);

    // 1 where a position and the one so many before it are of one document, FP32 [batch, time].
    private Tensor Same(int positions)
    {
        if (positions == 0) return ones([_batch, _time]);
        Tensor same = _documents.narrow(1, positions, _time - positions).eq(_documents.narrow(1, 0, _time - positions)).to(ScalarType.Float32);
        return cat([zeros([_batch, positions]), same], 1);
    }

    private Tensor PerHead(Tensor x)
    {
        long[] s = x.shape;
        int group = _net.Shape.Heads / _net.Shape.KeyHeads;
        return x.transpose(1, 2).unsqueeze(2).expand(s[0], s[2], group, s[1], s[3]).reshape(s[0], _net.Shape.Heads, s[1], s[3]);
    }
}
