using static TorchSharp.torch;

namespace Percheron.Training.Nets;

/// <summary>
/// A network that a run can train: tensors by their GGUF names, in file order. A net of a new drafter derives from this, adds its tensors in its constructor
/// (<see cref="Fresh"/>), answers <see cref="Replica"/> with <see cref="Share"/>, and keeps its forward pass to itself and its objective.
/// </summary>
/// <remarks>Parameters are FP32; products run in <see cref="Compute"/>, norms, the residual stream and losses in FP32.</remarks>
public abstract class Net : IDisposable
{
    private readonly Dictionary<string, Tensor> _tensors = [];
    private Dictionary<string, Tensor>? _prepared;

    /// <summary>A network without tensors.</summary>
    protected Net(ScalarType compute) => Compute = compute;

    /// <summary>Element type of the matrix products.</summary>
    public ScalarType Compute { get; }

    /// <summary>Every tensor by its GGUF name, in file order; owned by the network.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors => _tensors;

    /// <summary>The names of the tensors that a run changes, in file order.</summary>
    public IEnumerable<string> Trained => _tensors.Keys.Where(name => UpdateOf(name).Rule != UpdateRule.Frozen);

    /// <summary>Number of parameters, frozen ones included.</summary>
    public long Parameters => _tensors.Values.Sum(tensor => tensor.numel());

    /// <summary>A network that reads the same parameters and gathers gradients of its own, for another thread.</summary>
    public abstract Net Replica();

    /// <summary>How a tensor changes during a run: matrices by Muon, the embedding and everything of one dimension by Adam, unless a network says otherwise.</summary>
    public virtual TensorUpdate UpdateOf(string name) => new(_tensors[name].dim() == 2 && name != "token_embd.weight" ? UpdateRule.Muon : UpdateRule.Adam);

    /// <summary>The tensor <paramref name="name"/> + <c>.weight</c> in the compute type.</summary>
    public Tensor Weight(string name) => Prepared(name) ?? _tensors[name + ".weight"].to(Compute);

    /// <summary>The RMS norm, with weight <paramref name="name"/> + <c>.weight</c>, of the last dimension, in the compute type.</summary>
    public Tensor Norm(Tensor x, string name)
    {
        Tensor scale = x.square().mean([-1], keepdim: true).add(LlamaShape.Epsilon).rsqrt();
        return (x * scale * _tensors[name + ".weight"]).to(Compute);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the tensors; a network that owns more frees that too.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        foreach (Tensor tensor in _tensors.Values) tensor.Dispose();
        foreach (Tensor tensor in _prepared?.Values ?? Enumerable.Empty<Tensor>()) tensor.Dispose();
    }

    /// <summary>What was converted or joined once for a network that is only read; null where there is no such thing of this name.</summary>
    protected internal Tensor? Prepared(string name) => _prepared?.GetValueOrDefault(name);

    /// <summary>Keeps a weight as products need it, in a network that is only read.</summary>
    protected void Prepare(string name, Tensor weight)
    {
        // Cloned: a conversion to the same type may answer with the parameter itself, which another network owns.
        (_prepared ??= []).Add(name, weight.clone().DetachFromDisposeScope());
    }

    /// <summary>Adds a tensor with this value, which the network owns from now on.</summary>
    protected void Add(string name, Tensor value)
    {
        Tensor own = value.DetachFromDisposeScope();
        _tensors.Add(name, own);
        own.requires_grad_(UpdateOf(name).Rule != UpdateRule.Frozen);
    }

    /// <summary>
    /// Adds tensors of these sizes, [rows, columns] or [rows] where columns is 0, with fresh values: matrices normal with the deviation of their name, vectors one.
    /// </summary>
    protected void Fresh(IEnumerable<(string Name, int Rows, int Columns)> tensors, ulong seed, Func<string, double> deviation)
    {
        using IDisposable fixedValues = no_grad();
        using var generator = new Generator(seed);
        foreach ((string name, int rows, int columns) in tensors)
            Add(name, columns == 0 ? ones(rows) : randn([rows, columns], generator: generator).mul_(deviation(name)));
    }

    /// <summary>Adds every tensor of another network: the same parameters, gradients apart.</summary>
    protected void Share(Net original)
    {
        foreach ((string name, Tensor tensor) in original._tensors) Add(name, tensor.detach());
    }
}
