using System.Reflection;
using Percheron.Decoding;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Heads;

namespace Percheron.Cli.Tests.Support;

/// <summary>Files with random weights for what drafters have trained for their target: any head serves a drafter that grows trees with one.</summary>
internal sealed class TinyTrained : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("percheron-trained-").FullName;
    private readonly string _draft;
    private readonly int _hidden, _vocab;

    /// <param name="target">The target's file.</param>
    /// <param name="draft">A model that reads the target's tokens.</param>
    public TinyTrained(string target, string draft)
    {
        _draft = draft;
        using GgufFile file = GgufFile.Open(target);
        TensorInfo embedding = file.Tensor("token_embd.weight");
        (_hidden, _vocab) = ((int)embedding.Columns, (int)embedding.Rows);
    }

    /// <summary>The spec with a file for what its drafter needs, otherwise as it is.</summary>
    public string Give(string spec)
    {
        Spec parsed = Spec.Parse(spec);
        CatalogEntry entry = new Catalog().Drafters.Single(d => d.Name == parsed.Name);
        ParameterInfo? needed = entry.Type.GetConstructors()[0].GetParameters().FirstOrDefault(p => HeadFile.MayHold(p.ParameterType) || p.ParameterType == typeof(ParallelModel));
        return needed is null ? spec : (parsed with { Arguments = [(null, new Spec(Write(needed.ParameterType), [], IsFile: true)), .. parsed.Arguments] }).ToString();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(Type type)
    {
        if (type == typeof(IHead)) return Write("medusa", [("head.0.blk.0.weight", _hidden, _hidden), ("head.1.blk.0.weight", _hidden, _hidden)], ("head_count", 2), ("block_count", 1));
        if (type == typeof(ExtraInputs)) return Write("pass", [("extra.weight", 3, _hidden)]);
        if (type == typeof(IExit)) return Write("kangaroo", [.. Adapter()], ("block_count", 1), ("context_length", 4096), ("feed_forward_length", 32), ("attention.head_count", 2), ("attention.head_count_kv", 2));
        if (type == typeof(ParallelModel)) return Parallel();
        throw new NotSupportedException($"there is no small file for a {type.Name} yet");
    }

    // The draft with what makes a parallel one of it: a token that stands for what is to be guessed.
    private string Parallel()
    {
        using GgufFile file = GgufFile.Open(_draft);
        GgufWriter writer = new();
        foreach ((string key, GgufValue value) in file.Metadata) writer.Add(key, value);
        writer.Add("pard.depth", 3u);
        writer.Add("pard.mask_token_id", 1u);
        foreach (TensorInfo tensor in file.Tensors) writer.AddTensor(tensor.Name, TensorType.F32, [.. tensor.Dimensions], (ReadOnlyMemory<float>)file.ReadFloats(tensor));
        string path = Path.Combine(_folder, "pard.gguf");
        writer.Write(path);
        return path;
    }

    private IEnumerable<(string Name, int Rows, int Columns)> Adapter() =>
    [
        ("blk.0.attn_norm.weight", _hidden, 0), ("blk.0.attn_q.weight", _hidden, _hidden), ("blk.0.attn_k.weight", _hidden, _hidden), ("blk.0.attn_v.weight", _hidden, _hidden),
        ("blk.0.attn_output.weight", _hidden, _hidden), ("output_norm.weight", _hidden, 0),
    ];

    private string Write(string kind, (string Name, int Rows, int Columns)[] tensors, params (string Key, int Value)[] numbers)
    {
        GgufWriter writer = new();
        writer.Add("general.architecture", kind);
        writer.Add($"{kind}.embedding_length", (uint)_hidden);
        writer.Add($"{kind}.vocab_size", (uint)_vocab);
        foreach ((string key, int value) in numbers) writer.Add($"{kind}.{key}", (uint)value);
        if (kind == "kangaroo")
        {
            writer.Add($"{kind}.states", new[] { 1 });
            writer.Add($"{kind}.attention.layer_norm_rms_epsilon", 1e-5f);
        }
        Random random = new(7);
        foreach ((string name, int rows, int columns) in tensors)
        {
            float[] values = [.. Enumerable.Range(0, rows * Math.Max(columns, 1)).Select(_ => columns == 0 ? 1f : (float)(random.NextDouble() - 0.5) / MathF.Sqrt(columns))];
            writer.AddTensor(name, TensorType.F32, columns == 0 ? [rows] : [columns, rows], values);
        }
        string path = Path.Combine(_folder, kind + ".gguf");
        writer.Write(path);
        return path;
    }
}
