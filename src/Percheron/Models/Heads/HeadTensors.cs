using Percheron.Formats;

namespace Percheron.Models.Heads;

/// <summary>The tensors and sizes that a head finds in its file; everything is checked against the target the head is for.</summary>
/// <param name="file">Stays open as long as the head is used.</param>
/// <param name="target">Whose states the head reads.</param>
internal sealed class HeadTensors(GgufFile file, Transformer target)
{
    private const int MostStates = 16;

    private readonly List<WeightMatrix> _matrices = [];

    /// <summary>What kind of head it is.</summary>
    public string Architecture { get; } = file.GetString("general.architecture");

    /// <summary>The file.</summary>
    public GgufFile File { get; } = file;

    /// <summary>Whose states the head reads.</summary>
    public Transformer Target { get; } = target;

    /// <summary>Refuses a head that was made for a target of other sizes.</summary>
    /// <exception cref="ModelFormatException">It was.</exception>
    public void RequireFit()
    {
        int hidden = Integer("embedding_length", 1, int.MaxValue), vocab = Integer("vocab_size", 1, int.MaxValue);
        if (hidden != Target.HiddenSize) throw Fault("embedding_length", $"the head was made for hidden states of {hidden} floats and the target's have {Target.HiddenSize}: it belongs to another model");
        if (vocab != Target.Vocab) throw Fault("vocab_size", $"the head was made for {vocab} tokens and the target has {Target.Vocab}: it belongs to another model");
    }

    /// <summary>Refuses to go on with weights that are no longer there.</summary>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public unsafe void RequireOpen() => File.Data(File.Tensors[0]);

    /// <summary>The states of the target that the head reads; where the file does not say, the one after the output norm, or others that its kind reads.</summary>
    public FeatureSet States(FeatureSet? otherwise = null)
    {
        string key = Key("states");
        if (!File.TryGetInts(key, out int[] states)) return otherwise ?? new FeatureSet(Target.LayerCount + 1);
        if (states.Length is 0 or > MostStates) throw File.Fault(key, $"{key}: a head reads 1 to {MostStates} states, not {states.Length}");
        foreach (int state in states)
            if (state < 0 || state > Target.LayerCount + 1) throw File.Fault(key, $"{key}: the target has no hidden state {state}; the last one is {Target.LayerCount + 1}");
        return new FeatureSet(states);
    }

    /// <summary>A number of the metadata, by its key without the architecture.</summary>
    /// <exception cref="ModelFormatException">It is not there, or out of range.</exception>
    public int Integer(string key, int least, int most)
    {
        int value = File.GetInt32(Key(key));
        return value >= least && value <= most ? value : throw Fault(key, $"{Key(key)}: {value} should be {least} to {most}");
    }

    /// <inheritdoc cref="Integer(string, int, int)"/>
    public int Integer(string key, int least, int most, int fallback) => File.TryGetInt32(Key(key), out _) ? Integer(key, least, most) : fallback;

    /// <summary>Different tokens of the target in a list of the metadata, by its key without the architecture; null if there is none.</summary>
    /// <exception cref="ModelFormatException">It holds something else.</exception>
    public int[]? Tokens(string key)
    {
        if (!File.TryGetInts(Key(key), out int[] tokens)) return null;
        var seen = new bool[Target.Vocab];
        foreach (int token in tokens)
        {
            if ((uint)token >= (uint)seen.Length || seen[token]) throw Fault(key, $"{Key(key)}: {token} is no token of the target, or stands there twice");
            seen[token] = true;
        }
        return tokens;
    }

    /// <summary>Whether there is such a tensor.</summary>
    public bool Has(string name) => File.TryGetTensor(name, out _);

    /// <summary>Rows of a matrix, a size the file may choose.</summary>
    public int Rows(string name) => (int)Math.Min(File.Tensor(name).Rows, int.MaxValue);

    /// <summary>The matrix <c>name.weight</c> [outputs, inputs] with <c>name.bias</c>, if there is one.</summary>
    public Projection Projection(string name, int outputs, int inputs) =>
        new(Matrix(name + ".weight", outputs, inputs), Has(name + ".bias") ? Vector(name + ".bias", outputs) : null);

    /// <summary>A matrix for products; ready for them once <see cref="Pack"/> was called.</summary>
    /// <exception cref="ModelFormatException">It is missing, or of another shape or an unknown type.</exception>
    public unsafe WeightMatrix Matrix(string name, int outputs, int inputs)
    {
        TensorInfo tensor = File.Tensor(name);
        if (tensor.Columns != inputs || tensor.Rows != outputs) throw Shape(tensor, $"[{outputs}, {inputs}]");
        if (!BlockCodec.CanDecode(tensor.Type)) throw File.Fault(tensor, $"tensor '{name}' is stored as {tensor.Type}, which is not supported; use a file in one of {BlockCodec.Decodable}");
        WeightMatrix matrix = new(tensor.Type, File.Data(tensor), outputs, inputs, tensor.RowBytes);
        _matrices.Add(matrix);
        return matrix;
    }

    /// <summary>A norm weight, bias or other vector.</summary>
    /// <exception cref="ModelFormatException">It is missing or of another length.</exception>
    public WeightVector Vector(string name, int length)
    {
        TensorInfo tensor = File.Tensor(name);
        if (tensor.Elements != length) throw Shape(tensor, $"[{length}]");
        return new WeightVector(File.ReadFloats(tensor));
    }

    /// <summary>Packs all matrices that were asked for.</summary>
    public void Pack(int threads, TimeProvider time) => new WeightPacker(_matrices).Run(threads, time);

    /// <summary>What is wrong with a value, by its key without the architecture.</summary>
    public ModelFormatException Fault(string key, string reason) => File.Fault(Key(key), reason);

    private string Key(string key) => $"{Architecture}.{key}";

    private ModelFormatException Shape(TensorInfo tensor, string wanted) =>
        File.Fault(tensor, $"tensor '{tensor.Name}' has the shape [{string.Join(", ", tensor.Dimensions.Reverse())}] where {wanted} is needed");
}
