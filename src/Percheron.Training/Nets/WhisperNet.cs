using Percheron.Models.Encoders;
using TorchSharp;
using static TorchSharp.torch;

namespace Percheron.Training.Nets;

/// <summary>
/// An encoder of sound and a decoder of text in Whisper's layout: two convolutions, sinusoids, layers with biased layer norms before each half, exact GELU, attention to the encoder's states.
/// Source: Radford et al. 2022, "Robust Speech Recognition via Large-Scale Weak Supervision", section 2.2.
/// </summary>
public sealed class WhisperNet : Net
{
    private readonly Tensor _sinusoids, _causal;

    /// <summary>Fresh parameters: matrices normal (residual outputs divided by √(2·layers)), norms one, biases zero.</summary>
    public WhisperNet(WhisperShape shape, ulong seed, ScalarType compute)
        : this(shape, compute)
    {
        Fresh(shape.Tensors(), seed, shape.Deviation);
        using IDisposable fixedValues = no_grad();
        foreach ((string name, Tensor tensor) in Tensors)
            if (name.EndsWith(".bias", StringComparison.Ordinal)) tensor.zero_();
    }

    private WhisperNet(WhisperShape shape, ScalarType compute)
        : base(compute)
    {
        Shape = shape;
        using DisposeScope scope = NewDisposeScope();
        _sinusoids = tensor(Sinusoids.Of(shape.States, shape.Width), shape.States, shape.Width).DetachFromDisposeScope();
        _causal = full([1, 1, shape.Context, shape.Context], float.NegativeInfinity).triu(1).to(compute).DetachFromDisposeScope();
    }

    /// <summary>The dimensions.</summary>
    public WhisperShape Shape { get; }

    /// <inheritdoc/>
    public override WhisperNet Replica()
    {
        var replica = new WhisperNet(Shape, Compute);
        replica.Share(this);
        return replica;
    }

    /// <inheritdoc/>
    public override TensorUpdate UpdateOf(string name) => name == "position_embd.weight" ? new TensorUpdate(UpdateRule.Adam) : base.UpdateOf(name);

    /// <summary>A network with the same parameters that no gradient reaches.</summary>
    public WhisperNet Frozen()
    {
        WhisperNet frozen = Replica();
        foreach (Tensor tensor in frozen.Tensors.Values) tensor.requires_grad_(false);
        return frozen;
    }

    /// <summary>Takes every tensor over that another network has, too, in the same shape.</summary>
    public void Inherit(WhisperNet other)
    {
        using IDisposable fixedValues = no_grad();
        foreach ((string name, Tensor tensor) in Tensors)
            if (other.Tensors.TryGetValue(name, out Tensor? known) && known.shape.AsSpan().SequenceEqual(tensor.shape)) tensor.copy_(known);
    }

    /// <summary>States [batch, states, width], in the compute type, of recordings filled up with anything.</summary>
    /// <param name="frames">FP32 [batch, frames, bands].</param>
    /// <param name="counts">Frames of each recording, int64 [batch].</param>
    public Tensor Encode(Tensor frames, Tensor counts)
    {
        Tensor there = arange(frames.shape[1]).unsqueeze(0).lt(counts.unsqueeze(1)).unsqueeze(2);
        // Zeros stand behind a recording's last frame, as they do where it is alone.
        Tensor x = Convolve(frames * there, "enc.conv1", 1) * there;
        x = Convolve(x, "enc.conv2", 2);
        (long batch, long time) = (x.shape[0], x.shape[1]);
        Tensor mask = Mask(counts, time);
        x = (x.to(ScalarType.Float32) + _sinusoids.narrow(0, 0, time)).reshape(batch * time, Shape.Width);
        for (int layer = 0; layer < Shape.EncoderLayers; layer++)
        {
            string at = $"enc.blk.{layer}.";
            Tensor normal = LayerNorm(x, at + "attn_norm");
            x = x + Attend(normal.view(batch, time, -1), normal.view(batch, time, -1), at + "attn", mask);
            x = x + Feed(LayerNorm(x, at + "ffn_norm"), at);
        }
        return LayerNorm(x, "enc.output_norm").view(batch, time, Shape.Width);
    }

    /// <summary>Added to scores of attention to states, [batch, 1, 1, states] in the compute type: −∞ beyond each recording's end.</summary>
    public Tensor Mask(Tensor counts, long states) =>
        zeros([counts.shape[0], 1, 1, states], Compute).masked_fill(arange(states).unsqueeze(0).ge(counts.add(1).floor_divide(2).unsqueeze(1)).view(-1, 1, 1, states), float.NegativeInfinity);

    /// <summary>Normalised last hidden states [batch · time, width], in the compute type, of texts [batch, time] about states.</summary>
    /// <param name="tokens">Ids, int64 [batch, time].</param>
    /// <param name="states">[batch, states, width].</param>
    /// <param name="mask">As <see cref="Mask"/> gives it.</param>
    public Tensor Hidden(Tensor tokens, Tensor states, Tensor mask)
    {
        (long batch, long time) = (tokens.shape[0], tokens.shape[1]);
        Tensor causal = _causal.narrow(2, 0, time).narrow(3, 0, time);
        Tensor x = (Tensors["token_embd.weight"].index_select(0, tokens.reshape(-1)).view(batch, time, -1) + Tensors["position_embd.weight"].narrow(0, 0, time)).view(batch * time, -1);
        for (int layer = 0; layer < Shape.DecoderLayers; layer++)
        {
            string at = $"blk.{layer}.";
            Tensor normal = LayerNorm(x, at + "attn_norm").view(batch, time, -1);
            x = x + Attend(normal, normal, at + "attn", causal);
            x = x + Attend(LayerNorm(x, at + "cross_attn_norm").view(batch, time, -1), states, at + "cross_attn", mask);
            x = x + Feed(LayerNorm(x, at + "ffn_norm"), at);
        }
        return LayerNorm(x, "output_norm");
    }

    /// <summary>Logits [rows, vocab], in the compute type, of hidden states [rows, width].</summary>
    public Tensor Logits(Tensor hidden) => nn.functional.linear(hidden, Weight("token_embd"));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing) return;
        _sinusoids.Dispose();
        _causal.Dispose();
    }

    // [batch, time, channels] to [batch, time ÷ stride, width]: the three taps of a channel side by side, as the file has them.
    private Tensor Convolve(Tensor x, string name, int stride)
    {
        Tensor silence = zeros([x.shape[0], 1, x.shape[2]], x.dtype), padded = cat([silence, x, silence], 1);
        Tensor taps = stack([.. Enumerable.Range(0, 3).Select(tap => padded.narrow(1, tap, x.shape[1]))], 3);
        if (stride > 1) taps = taps.index_select(1, arange(0, x.shape[1], stride));
        return nn.functional.gelu(Linear(taps.reshape(x.shape[0], -1, 3 * x.shape[2]).to(Compute), name));
    }

    private Tensor Attend(Tensor from, Tensor to, string at, Tensor mask)
    {
        (long batch, long time) = (from.shape[0], from.shape[1]);
        int size = Shape.Width / Shape.Heads;
        Tensor Heads(Tensor x) => x.view(batch, -1, Shape.Heads, size).transpose(1, 2);
        Tensor q = Heads(Linear(from, at + "_q").mul(1 / Math.Sqrt(size))), k = Heads(nn.functional.linear(to, Weight(at + "_k"))), v = Heads(Linear(to, at + "_v"));
        Tensor weights = nn.functional.softmax(matmul(q, k.transpose(2, 3)) + mask, -1);
        return Linear(matmul(weights, v).transpose(1, 2).reshape(batch * time, Shape.Width), at + "_output");
    }

    private Tensor Feed(Tensor x, string at) => Linear(nn.functional.gelu(Linear(x, at + "ffn_up")), at + "ffn_down");

    private Tensor Linear(Tensor x, string name) => nn.functional.linear(x, Weight(name), Tensors[name + ".bias"].to(Compute));

    private Tensor LayerNorm(Tensor x, string name) => nn.functional.layer_norm(x, [Shape.Width], Tensors[name + ".weight"], Tensors[name + ".bias"], WhisperShape.Epsilon).to(Compute);
}
