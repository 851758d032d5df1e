using Percheron.Codecs.Networks;
using Percheron.Formats;
using Percheron.Training.Nets;
using static TorchSharp.torch;

namespace Percheron.Training.Export;

/// <summary>Writes small networks as a GGUF file that the library runs.</summary>
public static class StackFile
{
    /// <summary>A file with the networks' descriptions and tensors; more may be added to it.</summary>
    /// <param name="net">The networks.</param>
    /// <param name="architecture">What the file is of, as <c>general.architecture</c> says it.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="license">Licence of the weights.</param>
    /// <param name="matrices">Element type of matrices; F16 where their rows do not fill its blocks.</param>
    /// <param name="tables">Values to be written for further matrices in place of the network's, as F32; the others are written as they are.</param>
    public static GgufWriter Writer(StackNet net, string architecture, string name, string license, TensorType matrices, IReadOnlyDictionary<string, float[]>? tables = null)
    {
        var writer = new GgufWriter();
        writer.Add("general.architecture", architecture);
        writer.Add("general.name", name);
        writer.Add("general.license", license);
        writer.Add("general.quantization_version", 2u);
        writer.Add("general.file_type", GgufModel.FileType(matrices));
        foreach (LayerPlan plan in net.Plans) plan.Write(writer);
        foreach ((string tensor, Tensor value) in net.Tensors)
        {
            long[] dimensions = [.. value.shape.Reverse()];
            bool own = tables is not null && tables.ContainsKey(tensor);
            TensorType type = own || dimensions.Length == 1 ? TensorType.F32 : dimensions[0] % BlockCodec.BlockSize(matrices) == 0 ? matrices : TensorType.F16;
            writer.AddTensor(tensor, type, dimensions, own ? tables![tensor] : value.cpu().contiguous().data<float>().ToArray());
        }
        return writer;
    }
}
