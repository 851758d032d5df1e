using Percheron.Codecs.Images;
using Percheron.Codecs.Networks;
using Percheron.Formats;

namespace Percheron.Evaluation.Pictures;

/// <summary>How pictures go into small networks: red, green and blue from −1 to 1, at the size the network was made for.</summary>
internal static class PictureInput
{
    /// <summary>Writes the pixels of a picture, resized where it has another size [height, width, 3].</summary>
    public static void Read(Picture picture, LayerShape input, Span<float> pixels)
    {
        if (picture.Width != input.Width || picture.Height != input.Height) picture = picture.Resized(input.Width, input.Height);
        for (int i = 0; i < picture.Pixels.Length; i++) pixels[i] = (picture.Pixels[i] / 127.5f) - 1;
    }

    /// <summary>A network of a file that takes pictures and makes one vector.</summary>
    /// <exception cref="ModelFormatException">It does something else.</exception>
    public static LayerStack Tower(GgufFile file, string name)
    {
        LayerStack tower = new(file, name);
        return tower.Plan.Input.Channels == 3 && tower.Plan.Output is { Height: 1, Width: 1 } ? tower : throw new ModelFormatException(file.Path, 0, $"the network '{name}' does not make one vector of a picture");
    }

    /// <summary>Says that a file is of another kind.</summary>
    /// <exception cref="ModelFormatException">It is.</exception>
    public static void Check(GgufFile file, string architecture)
    {
        if (file.GetString("general.architecture") is var kind && kind != architecture) throw file.Fault("general.architecture", $"this is '{kind}', not '{architecture}'");
    }
}
