using Percheron.Codecs.Images;
using Percheron.Evaluation.Pictures;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Pictures;

/// <summary>Pictures as rows: red, green and blue of every pixel [batch, height · width · 3] as bytes.</summary>
/// <param name="set">The pictures.</param>
/// <param name="codes">Codes a picture becomes: what progress counts.</param>
/// <param name="heldOut">Held-out pictures to measure on.</param>
public sealed class PictureRows(IPictureSet set, int codes, int heldOut) : IRowSource
{
    /// <inheritdoc/>
    public int Length => codes;

    /// <inheritdoc/>
    public int HeldOutCount { get; } = (int)Math.Min(heldOut, set.HeldOutCount);

    /// <inheritdoc/>
    public Batch Rows(long first, int count, ulong key) => Batch([.. Enumerable.Range(0, count).Select(i => set.Train((first + i) % set.TrainCount).Picture)], key);

    /// <inheritdoc/>
    public Batch HeldOut(int row) => Batch([set.HeldOut(row).Picture], null);

    private static Batch Batch(Picture[] pictures, ulong? key)
    {
        byte[] bytes = [.. pictures.SelectMany(picture => picture.Pixels)];
        return new Batch(tensor(bytes, [pictures.Length, bytes.Length / pictures.Length], ScalarType.Byte), ones([pictures.Length, 1], ScalarType.Int32), key);
    }
}
