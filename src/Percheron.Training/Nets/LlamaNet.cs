using TorchSharp;
using static TorchSharp.torch;

namespace Percheron.Training.Nets;

/// <summary>
/// A Llama-architecture network for training: RMS norm, rotary positions on adjacent pairs, grouped queries, SwiGLU, head tied to the embedding.
/// Parameters are FP32; products run in <see cref="Compute"/>, the residual stream, norms and losses in FP32.
/// </summary>
public sealed class LlamaNet : IDisposable
{
    // Queries are taken in chunks of this many positions: keys after a chunk's end are never multiplied.
    private const int Chunk = 256;

    private readonly Dictionary<string, Tensor> _tensors = [];
    private readonly Tensor _cos, _sin, _causal, _halves;
    private Dictionary<string, Tensor>? _prepared;

    /// <summary>Fresh parameters: normal with standard deviation 0.02 (residual outputs divided by √(2·layers)), norms one.</summary>
    public LlamaNet(LlamaShape shape, ulong seed, ScalarType compute)
        : this(shape, compute)
    {
        using IDisposable fixedValues = no_grad();
        using var generator = new Generator(seed);
        foreach ((string name, int rows, int columns) in shape.Tensors())
        {
            bool residual = name.EndsWith("attn_output.weight", StringComparison.Ordinal) || name.EndsWith("ffn_down.weight", StringComparison.Ordinal);
            double deviation = residual ? 0.02 / Math.Sqrt(2.0 * shape.Layers) : 0.02;
            Tensor value = columns == 0 ? ones(rows) : randn([rows, columns], generator: generator).mul_(deviation);
            _tensors.Add(name, value.DetachFromDisposeScope().requires_grad_(true));
        }
    }

    private LlamaNet(LlamaShape shape, ScalarType compute)
    {
        Shape = shape;
        Compute = compute;
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        Tensor frequency = pow(LlamaShape.RopeBase, arange(0, shape.HeadSize, 2, ScalarType.Float64).div(-shape.HeadSize));
        Tensor angle = outer(arange(shape.Context, ScalarType.Float64), frequency).unsqueeze(1);
        _cos = angle.cos().to(compute).DetachFromDisposeScope();
        _sin = angle.sin().to(compute).DetachFromDisposeScope();
        _causal = full([1, 1, shape.Context, shape.Context], float.NegativeInfinity).triu(1).to(compute).DetachFromDisposeScope();
        _halves = EvenThenOdd(shape).DetachFromDisposeScope();
    }

    /// <summary>The dimensions.</summary>
    public LlamaShape Shape { get; }

    /// <summary>Element type of the matrix products.</summary>
    public ScalarType Compute { get; }

    /// <summary>Every parameter by its GGUF name, in file order; owned by the network.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors => _tensors;

    /// <summary>A network that reads the same parameters and gathers gradients of its own, for another thread.</summary>
    public LlamaNet Replica()
    {
        var replica = new LlamaNet(Shape, Compute);
        foreach ((string name, Tensor tensor) in _tensors)
            replica._tensors.Add(name, tensor.detach().DetachFromDisposeScope().requires_grad_(true));
        return replica;
    }

    /// <summary>A network with the parameters as they are now, for reading only: what products need is converted and joined once.</summary>
    public LlamaNet Frozen()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        var frozen = new LlamaNet(Shape, Compute) { _prepared = [] };
        foreach ((string name, Tensor tensor) in _tensors) frozen._tensors.Add(name, tensor.detach().DetachFromDisposeScope());
        // Cloned: a conversion to the same type may answer with the parameter itself, which another network owns.
        void Keep(string name, Tensor weight) => frozen._prepared.Add(name, weight.clone().DetachFromDisposeScope());
        Keep("token_embd", Weight("token_embd"));
        for (int layer = 0; layer < Shape.Layers; layer++)
        {
            string at = $"blk.{layer}.";
            Keep(at + "qkv", Qkv(at));
            Keep(at + "gate_up", GateUp(at));
            Keep(at + "attn_output", Weight(at + "attn_output"));
            Keep(at + "ffn_down", Weight(at + "ffn_down"));
        }
        return frozen;
    }

    /// <summary>
    /// Normalised last hidden states [batch · time, width], in the compute type, of tokens [batch, time] at positions 0, 1, …
    /// </summary>
    /// <param name="tokens">Ids [batch, time].</param>
    /// <param name="mask">Added to attention scores, [batch, 1, time, time] in the compute type; null: every earlier position is seen.</param>
    public Tensor Hidden(Tensor tokens, Tensor? mask = null)
    {
        long batch = tokens.shape[0], time = tokens.shape[1];
        mask ??= _causal;
        Tensor x = _tensors["token_embd.weight"].index_select(0, tokens.reshape(-1));
        for (int i = 0; i < Shape.Layers; i++)
        {
            x = Scoped(x, h => h + Attention(Norm(h, $"blk.{i}.attn_norm"), i, batch, time, mask));
            x = Scoped(x, h => h + FeedForward(Norm(h, $"blk.{i}.ffn_norm"), i));
        }
        return Norm(x, "output_norm");
    }

    /// <summary>Logits [rows, vocab], in the compute type, of hidden states [rows, width].</summary>
    public Tensor Logits(Tensor hidden) => nn.functional.linear(hidden, Weight("token_embd"));

    /// <summary>
    /// A mask for <see cref="Hidden"/> that hides earlier documents in those rows of tokens [batch, time] where <paramref name="apart"/>, [batch, 1], is 1;
    /// a document begins at each <paramref name="start"/> token.
    /// </summary>
    public Tensor DocumentMask(Tensor tokens, Tensor apart, int start)
    {
        long time = tokens.shape[1];
        Tensor document = tokens.eq(start).to(ScalarType.Int32).cumsum(1).mul(apart);
        Tensor other = document.unsqueeze(2).ne(document.unsqueeze(1)).unsqueeze(1);
        return _causal.narrow(2, 0, time).narrow(3, 0, time).masked_fill(other, float.NegativeInfinity);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in _tensors.Values) tensor.Dispose();
        foreach (Tensor tensor in _prepared?.Values ?? Enumerable.Empty<Tensor>()) tensor.Dispose();
        foreach (Tensor tensor in (Tensor[])[_cos, _sin, _causal, _halves]) tensor.Dispose();
    }

    /// <summary>Added to the scores of all positions [1, 1, context] at one position: those after it are hidden.</summary>
    internal Tensor Seen(long position) => _causal.select(1, 0).narrow(1, position, 1);

    internal Tensor Weight(string name) => _prepared?.GetValueOrDefault(name) ?? _tensors[name + ".weight"].to(Compute);

    internal Tensor Norm(Tensor x, string name)
    {
        Tensor scale = x.square().mean([-1], keepdim: true).add(LlamaShape.Epsilon).rsqrt();
        return (x * scale * _tensors[name + ".weight"]).to(Compute);
    }

    /// <summary>
    /// Queries [batch, time, heads, size], rotated and divided by √size, rotated keys and values [batch, time, key heads, size]
    /// of normalised states [batch · time, width] whose first position is <paramref name="start"/>.
    /// </summary>
    internal (Tensor Q, Tensor K, Tensor V) Project(Tensor x, int layer, long batch, long time, long start)
    {
        int heads = Shape.Heads, keys = Shape.KeyHeads, size = Shape.HeadSize;
        Tensor qkv = nn.functional.linear(x, Qkv($"blk.{layer}.")).view(batch, time, heads + 2 * keys, size);
        Tensor rotated = Rotate(qkv.narrow(2, 0, heads + keys), start, time);
        return (rotated.narrow(2, 0, heads).mul(1 / Math.Sqrt(size)), rotated.narrow(2, heads, keys), qkv.narrow(2, heads + keys, keys));
    }

    internal Tensor FeedForward(Tensor x, int layer)
    {
        string at = $"blk.{layer}.";
        Tensor both = nn.functional.linear(x, GateUp(at));
        Tensor gate = both.narrow(1, 0, Shape.FeedForward), up = both.narrow(1, Shape.FeedForward, Shape.FeedForward);
        return nn.functional.linear(nn.functional.silu(gate) * up, Weight(at + "ffn_down"));
    }

    // Rows of q and k are reordered (even dimensions, then odd) for the product only: scores do not change, and the rotation reads two halves.
    private Tensor Qkv(string at) => _prepared?.GetValueOrDefault(at + "qkv")
        ?? cat([cat([Weight(at + "attn_q"), Weight(at + "attn_k")], 0).index_select(0, _halves), Weight(at + "attn_v")], 0);

    private Tensor GateUp(string at) => _prepared?.GetValueOrDefault(at + "gate_up") ?? cat([Weight(at + "ffn_gate"), Weight(at + "ffn_up")], 0);

    private static Tensor Scoped(Tensor x, Func<Tensor, Tensor> body)
    {
        using DisposeScope scope = NewDisposeScope();
        return body(x).MoveToOuterDisposeScope();
    }

    private Tensor Attention(Tensor x, int layer, long batch, long time, Tensor mask)
    {
        (Tensor q, Tensor k, Tensor v) = Project(x, layer, batch, time, start: 0);
        q = q.transpose(1, 2).reshape(batch * Shape.Heads, time, Shape.HeadSize);
        Tensor mixed = Mix(q, PerHead(k), PerHead(v), mask).view(batch, Shape.Heads, time, Shape.HeadSize);
        return nn.functional.linear(mixed.transpose(1, 2).reshape(batch * time, Shape.Heads * Shape.HeadSize), Weight($"blk.{layer}.attn_output"));
    }

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
    private Tensor PerHead(Tensor x)
    {
        long[] s = x.shape;
        int group = Shape.Heads / Shape.KeyHeads;
        return x.transpose(1, 2).unsqueeze(2).expand(s[0], s[2], group, s[1], s[3]).reshape(s[0] * Shape.Heads, s[1], s[3]);
    }

    /// <summary>Rotates pair i of every head of [batch, time, heads, size] by position · base^(−2i/size); a pair is (i, i + size/2) here.</summary>
    private Tensor Rotate(Tensor x, long start, long time)
    {
        long half = Shape.HeadSize / 2;
        Tensor even = x.narrow(3, 0, half), odd = x.narrow(3, half, half);
        Tensor cos = _cos.narrow(0, start, time), sin = _sin.narrow(0, start, time);
        return cat([even * cos - odd * sin, even * sin + odd * cos], 3);
    }

    /// <summary>Rows of the stacked q and k weights, per head the even dimensions and then the odd.</summary>
    private static Tensor EvenThenOdd(LlamaShape shape)
    {
        IEnumerable<long> rows =
            from head in Enumerable.Range(0, shape.Heads + shape.KeyHeads)
            from parity in Enumerable.Range(0, 2)
            from i in Enumerable.Range(0, shape.HeadSize / 2)
            select (long)head * shape.HeadSize + 2 * i + parity;
        return tensor(rows.ToArray());
    }
}
