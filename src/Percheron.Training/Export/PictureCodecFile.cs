using Percheron.Codecs.Images;
using Percheron.Formats;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using static TorchSharp.torch;

namespace Percheron.Training.Export;

/// <summary>Writes a trained picture codec as the library reads it.</summary>
public static class PictureCodecFile
{
    /// <summary>Writes networks as F16 and the codebook, in unit vectors, as F32.</summary>
    public static void Write(string path, StackNet net, string name, string license)
    {
        using IDisposable fixedValues = no_grad();
        using Tensor codebook = PictureCodes.Unit(net.Tensors[VqCodec.Codebook]);
        StackFile.Writer(net, VqCodec.Architecture, name, license, TensorType.F16, new Dictionary<string, float[]> { [VqCodec.Codebook] = codebook.data<float>().ToArray() }).Write(path);
    }
}
