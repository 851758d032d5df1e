using Percheron.Formats;
using Percheron.Training.Nets;
using static TorchSharp.torch;

namespace Percheron.Training.Export;

/// <summary>Writes the network of a trained drafter as a GGUF file whose architecture is the drafter's kind, and reads its parameters back.</summary>
public static class HeadFile
{
    /// <summary>
    /// Writes every tensor under its name: those of two dimensions and more as <paramref name="matrices"/> (F32 where rows do not fill its blocks), vectors as F32. The target's sizes are there as <c>percheron.target.*</c>, and as
    /// <c>embedding_length</c> and <c>vocab_size</c> of the kind, by which a reader refuses another target; what the drafter must know besides goes into <paramref name="describe"/>.
    /// </summary>
    /// <param name="path">File to write.</param>
    /// <param name="net">The network.</param>
    /// <param name="target">Whose drafter it is.</param>
    /// <param name="kind">Becomes <c>general.architecture</c>; keys of the kind begin with it.</param>
    /// <param name="matrices">Element type of matrices.</param>
    /// <param name="describe">Adds keys of the kind, such as <c>medusa.heads</c>.</param>
    public static void Write(string path, Net net, TargetHead target, string kind, TensorType matrices, Action<GgufWriter>? describe = null)
    {
        var writer = new GgufWriter();
        writer.Add("general.architecture", kind);
        (string called, string license) = About(target.Path);
        writer.Add("general.name", $"{called} {kind}");
        writer.Add("general.license", license);
        writer.Add("general.quantization_version", 2u);
        writer.Add("general.file_type", GgufModel.FileType(matrices));
        writer.Add("percheron.target.name", Path.GetFileName(target.Path));
        writer.Add("percheron.target.embedding_length", (uint)target.Shape.Width);
        writer.Add("percheron.target.block_count", (uint)target.Shape.Layers);
        writer.Add("percheron.target.vocab_size", (uint)target.Shape.Vocab);
        writer.Add($"{kind}.embedding_length", (uint)target.Shape.Width);
        writer.Add($"{kind}.vocab_size", (uint)target.Shape.Vocab);
        describe?.Invoke(writer);
        foreach ((string name, Tensor tensor) in net.Tensors)
        {
            long[] dimensions = [.. tensor.shape.Reverse()];
            bool whole = dimensions.Length >= 2 && dimensions[0] % BlockCodec.BlockSize(matrices) == 0;
            writer.AddTensor(name, whole ? matrices : TensorType.F32, dimensions, tensor.data<float>().ToArray());
        }
        writer.Write(path);
    }

    // What was trained for a target is called after it and comes under its licence.
    private static (string Name, string License) About(string target)
    {
        using GgufFile file = GgufFile.Open(target);
        return (file.GetString("general.name", "Percheron"), file.GetString("general.license", "mit"));
    }

    /// <summary>Gives a network the parameters of a file <see cref="Write"/> made, as they were stored.</summary>
    /// <exception cref="ModelFormatException">The file is damaged or lacks a tensor.</exception>
    /// <exception cref="InvalidDataException">A tensor has another shape.</exception>
    public static void Read(string path, Net net)
    {
        using GgufFile file = GgufFile.Open(path);
        using IDisposable fixedValues = no_grad();
        foreach ((string name, Tensor value) in net.Tensors)
        {
            TensorInfo info = file.Tensor(name);
            if (!info.Dimensions.Reverse().SequenceEqual(value.shape)) throw new InvalidDataException($"'{path}' holds '{name}' in another shape than [{string.Join(", ", value.shape)}].");
            using Tensor stored = tensor(file.ReadFloats(info), value.shape);
            value.copy_(stored);
        }
    }
}
