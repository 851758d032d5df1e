using Percheron.Models.Heads;
using static TorchSharp.torch;

namespace Percheron.Training.Nets;

/// <summary>A network of one inner layer that says how likely a drafted token is to be accepted, beside the draft it judges, which stays as it is.</summary>
public sealed class AcceptanceNet : Net
{
    private const int Inner = 32;

    /// <param name="draft">The draft it judges; outlives it.</param>
    /// <param name="seed">Of fresh parameters.</param>
    public AcceptanceNet(LlamaNet draft, ulong seed)
        : this(draft)
    {
        using IDisposable fixedValues = no_grad();
        using var generator = new Generator(seed);
        Add("acceptance.0.weight", randn([Inner, AcceptanceHead.Inputs], generator: generator).mul_(0.3));
        Add("acceptance.0.bias", zeros(Inner));
        Add("acceptance.1.weight", randn([1, Inner], generator: generator).mul_(0.1));
        Add("acceptance.1.bias", zeros(1));
    }

    private AcceptanceNet(LlamaNet draft)
        : base(ScalarType.Float32) => Draft = draft;

    /// <summary>The draft it judges.</summary>
    public LlamaNet Draft { get; }

    /// <inheritdoc/>
    public override AcceptanceNet Replica()
    {
        var replica = new AcceptanceNet(Draft);
        replica.Share(this);
        return replica;
    }

    /// <inheritdoc/>
    public override TensorUpdate UpdateOf(string name) => new(UpdateRule.Adam);

    /// <summary>Logits [rows] of features [rows, <see cref="AcceptanceHead.Inputs"/>].</summary>
    public Tensor Logits(Tensor features)
    {
        Tensor inner = nn.functional.relu(nn.functional.linear(features, Tensors["acceptance.0.weight"], Tensors["acceptance.0.bias"]));
        return nn.functional.linear(inner, Tensors["acceptance.1.weight"], Tensors["acceptance.1.bias"]).squeeze(-1);
    }
}
