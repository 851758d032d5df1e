using TorchSharp;
using static TorchSharp.torch;

namespace Percheron.Training.Nets;

/// <summary>
/// One decoder layer over the tensors <c>{at}attn_norm.weight</c>, <c>{at}attn_q.weight</c> … of a network: attention with rotary positions and grouped queries, then SwiGLU,
/// each on an RMS norm and added to the residual stream. What a drafter with a layer of its own is built from, too.
/// </summary>
/// <param name="net">Whose tensors; not owned.</param>
/// <param name="at">How their names begin, such as <c>blk.0.</c>.</param>
/// <param name="shape">Heads and sizes.</param>
/// <param name="rotary">Positions; not owned.</param>
public sealed class LlamaLayer(Net net, string at, LlamaShape shape, Rotary rotary)
{
    // Queries are taken in chunks of this many positions: keys after a chunk's end are never multiplied.
    private const int Chunk = 256;

    /// <summary>Every tensor of such a layer with its size, in file order; <paramref name="inputs"/> is the width attention reads, where it is not the shape's.</summary>
    public static IEnumerable<(string Name, int Rows, int Columns)> Tensors(string at, LlamaShape shape, int? inputs = null)
    {
        int width = shape.Width, read = inputs ?? width;
        yield return (at + "attn_norm.weight", width, 0);
        yield return (at + "attn_q.weight", shape.Heads * shape.HeadSize, read);
        yield return (at + "attn_k.weight", shape.KeyHeads * shape.HeadSize, read);
        yield return (at + "attn_v.weight", shape.KeyHeads * shape.HeadSize, read);
        yield return (at + "attn_output.weight", width, shape.Heads * shape.HeadSize);
        yield return (at + "ffn_norm.weight", width, 0);
        yield return (at + "ffn_gate.weight", shape.FeedForward, width);
        yield return (at + "ffn_up.weight", shape.FeedForward, width);
        yield return (at + "ffn_down.weight", width, shape.FeedForward);
    }

    /// <summary>The residual stream [batch · time, width] after the layer.</summary>
    /// <param name="x">The stream before it.</param>
    /// <param name="batch">Rows.</param>
    /// <param name="time">Positions 0, 1, … of each.</param>
    /// <param name="mask">Added to attention scores, [batch or 1, 1, time, time] in the compute type; what lies above its diagonal blocks must be hidden.</param>
    public Tensor Forward(Tensor x, long batch, long time, Tensor mask)
    {
        x = Scoped(x, h => h + Attention(net.Norm(h, at + "attn_norm"), batch, time, mask));
        return Scoped(x, h => h + FeedForward(net.Norm(h, at + "ffn_norm")));
    }

    /// <summary>What attention adds to the stream [batch · time, width], of normalised states [batch · time, inputs].</summary>
    public Tensor Attention(Tensor x, long batch, long time, Tensor mask)
    {
        (Tensor q, Tensor k, Tensor v) = Project(x, batch, time, start: 0);
        q = q.transpose(1, 2).reshape(batch * shape.Heads, time, shape.HeadSize);
        Tensor mixed = Mix(q, PerHead(k), PerHead(v), mask).view(batch, shape.Heads, time, shape.HeadSize);
        return nn.functional.linear(mixed.transpose(1, 2).reshape(batch * time, shape.Heads * shape.HeadSize), net.Weight(at + "attn_output"));
    }

    /// <summary>What the feed-forward adds to the stream, of normalised states [rows, width].</summary>
    public Tensor FeedForward(Tensor x)
    {
        Tensor both = nn.functional.linear(x, GateUp());
        Tensor gate = both.narrow(1, 0, shape.FeedForward), up = both.narrow(1, shape.FeedForward, shape.FeedForward);
        return nn.functional.linear(nn.functional.silu(gate) * up, net.Weight(at + "ffn_down"));
    }

    /// <summary>
    /// Queries [batch, time, heads, size], rotated and divided by √size, rotated keys and values [batch, time, key heads, size]
    /// of normalised states [batch · time, inputs] whose first position is <paramref name="start"/>.
    /// </summary>
    public (Tensor Q, Tensor K, Tensor V) Project(Tensor x, long batch, long time, long start) => Project(x, batch, time, heads => rotary.Rotate(heads, start, time));

    /// <summary>The same of rows at given positions, int64 [time].</summary>
    public (Tensor Q, Tensor K, Tensor V) Project(Tensor x, long batch, Tensor positions) => Project(x, batch, positions.shape[0], heads => rotary.Rotate(heads, positions));

    private (Tensor Q, Tensor K, Tensor V) Project(Tensor x, long batch, long time, Func<Tensor, Tensor> rotate)
    {
        int heads = shape.Heads, keys = shape.KeyHeads, size = shape.HeadSize;
        Tensor qkv = nn.functional.linear(x, Qkv()).view(batch, time, heads + 2 * keys, size);
        Tensor rotated = rotate(qkv.narrow(2, 0, heads + keys));
        return (rotated.narrow(2, 0, heads).mul(1 / Math.Sqrt(size)), rotated.narrow(2, heads, keys), qkv.narrow(2, heads + keys, keys));
    }

    /// <summary>The weights as products take them, by the names they are looked up under in a network that is only read.</summary>
    internal IEnumerable<(string Name, Tensor Weight)> Joined()
    {
        yield return (at + "qkv", Qkv());
        yield return (at + "gate_up", GateUp());
        yield return (at + "attn_output", net.Weight(at + "attn_output"));
        yield return (at + "ffn_down", net.Weight(at + "ffn_down"));
    }

    private static Tensor Scoped(Tensor x, Func<Tensor, Tensor> body)
    {
        using DisposeScope scope = NewDisposeScope();
        return body(x).MoveToOuterDisposeScope();
    }

    // Rows of q and k are reordered (even dimensions, then odd) for the product only: scores do not change, and the rotation reads two halves.
    private Tensor Qkv() => net.Prepared(at + "qkv")
        ?? cat([cat([net.Weight(at + "attn_q"), net.Weight(at + "attn_k")], 0).index_select(0, rotary.Halves), net.Weight(at + "attn_v")], 0);

    private Tensor GateUp() => net.Prepared(at + "gate_up") ?? cat([net.Weight(at + "ffn_gate"), net.Weight(at + "ffn_up")], 0);

    /// <summary>Attention of q, k, v [batch · heads, time, size], a chunk of queries at a time.</summary>
    private static Tensor Mix(Tensor q, Tensor k, Tensor v, Tensor mask)
    {
        long rows = q.shape[0], time = q.shape[1], batch = mask.shape[0];
        var chunks = new List<Tensor>();
        for (long start = 0; start < time; start += Chunk)
        {
            long count = Math.Min(Chunk, time - start), end = start + count;
            Tensor scores = bmm(q.narrow(1, start, count), k.narrow(1, 0, end).transpose(1, 2));
            scores.view(batch, rows / batch, count, end).add_(mask.narrow(2, start, count).narrow(3, 0, end));
            chunks.Add(bmm(nn.functional.softmax(scores, 2), v.narrow(1, 0, end)));
        }
        return chunks.Count == 1 ? chunks[0] : cat(chunks, 1);
    }

    /// <summary>[batch, time, key heads, size] to [batch · heads, time, size]: each key head serves the consecutive query heads of its group.</summary>
    internal Tensor PerHead(Tensor x)
    {
        long[] s = x.shape;
        int group = shape.Heads / shape.KeyHeads;
        return x.transpose(1, 2).unsqueeze(2).expand(s[0], s[2], group, s[1], s[3]).reshape(s[0] * shape.Heads, s[1], s[3]);
    }
}
