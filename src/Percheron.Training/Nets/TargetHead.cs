using Percheron.Formats;
using TorchSharp;
using static TorchSharp.torch;

namespace Percheron.Training.Nets;

/// <summary>
/// What a trained drafter borrows of its target, frozen: the embedding, the vocabulary projection, and with it the target's law at any captured state. The target itself never runs while a
/// drafter is trained.
/// </summary>
public sealed class TargetHead : IDisposable
{
    private readonly Tensor _embedding, _projection, _norm;

    /// <summary>Reads the two tables of a GGUF file, as they were stored.</summary>
    /// <exception cref="ModelFormatException">The file is damaged.</exception>
    /// <exception cref="InvalidDataException">The file is no transformer of llama's form.</exception>
    public TargetHead(string path, ScalarType compute)
    {
        Path = path;
        using GgufFile file = GgufFile.Open(path);
        Shape = LlamaShape.Of(file);
        using IDisposable fixedValues = no_grad();
        _embedding = Stored(file, "token_embd.weight");
        _norm = Stored(file, "output_norm.weight");
        using Tensor? apart = file.TryGetTensor("output.weight", out _) ? Stored(file, "output.weight") : null;
        // Cloned: a conversion to the same type answers with the tensor itself.
        using Tensor projection = (apart ?? _embedding).to(compute);
        _projection = projection.clone().DetachFromDisposeScope();
    }

    /// <summary>The target's file.</summary>
    public string Path { get; }

    /// <summary>The target's dimensions.</summary>
    public LlamaShape Shape { get; }

    /// <summary>The number of the state that <see cref="Law"/> reads: what leaves the output norm.</summary>
    public int LastState => Shape.Layers + 1;

    /// <summary>The projection [vocab, width] in the compute type; not to be changed.</summary>
    public Tensor Projection => _projection;

    /// <summary>The weight of the norm before it, FP32 [width]; not to be changed.</summary>
    public Tensor OutputNorm => _norm;

    /// <summary>Embeddings of tokens of any shape, FP32 [..., width].</summary>
    public Tensor Embed(Tensor tokens) => _embedding.index_select(0, tokens.reshape(-1)).view([.. tokens.shape, Shape.Width]);

    /// <summary>Logits [..., vocab], in the compute type, of normalised states [..., width].</summary>
    public Tensor Logits(Tensor state) => nn.functional.linear(state.to(_projection.dtype), _projection);

    /// <summary>The target's log-probabilities, FP32 [..., vocab], at captured states <see cref="LastState"/> [..., width]; no gradient flows through it.</summary>
    public Tensor Law(Tensor state)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        return nn.functional.log_softmax(Logits(state).to(ScalarType.Float32), -1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _embedding.Dispose();
        _projection.Dispose();
        _norm.Dispose();
    }

    private static Tensor Stored(GgufFile file, string name)
    {
        TensorInfo info = file.Tensor(name);
        return tensor(file.ReadFloats(info), info.Dimensions.Reverse().ToArray()).DetachFromDisposeScope();
    }
}
