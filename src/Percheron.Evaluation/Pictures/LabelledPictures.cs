using System.Buffers.Binary;
using System.IO.Compression;
using Percheron.Codecs.Images;

namespace Percheron.Evaluation.Pictures;

/// <summary>A set of small pictures with a label each, in memory, made larger or smaller when they are asked for: handwritten digits in idx files, or CIFAR-10.</summary>
public sealed class LabelledPictures : IPictureSet
{
    private const int HeldOutOf = 10;
    private const long LongestFile = 1L << 30;

    private static readonly string[] Digits = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    private static readonly string[] Cifar = ["an airplane", "a car", "a bird", "a cat", "a deer", "a dog", "a frog", "a horse", "a ship", "a truck"];

    private readonly List<(byte[] Pixels, int Label)> _train, _heldOut;
    private readonly Func<int, string> _caption;
    private readonly Func<byte[], Picture> _picture;
    private readonly int _side;

    private LabelledPictures(List<(byte[] Pixels, int Label)> train, List<(byte[] Pixels, int Label)> heldOut, Func<byte[], Picture> picture, Func<int, string> caption, int side)
    {
        if (train.Count == 0 || heldOut.Count == 0) throw new InvalidDataException("There are too few pictures to hold some out.");
        (_train, _heldOut, _picture, _caption, _side) = (train, heldOut, picture, caption, side);
    }

    /// <inheritdoc/>
    public required string Description { get; init; }

    /// <inheritdoc/>
    public required string License { get; init; }

    /// <inheritdoc/>
    public long TrainCount => _train.Count;

    /// <inheritdoc/>
    public long HeldOutCount => _heldOut.Count;

    /// <summary>Reads handwritten digits (MNIST's format) from a folder with one <c>…images-idx3-ubyte</c> and one <c>…labels-idx1-ubyte</c>, as they are or gzipped; every tenth is held out.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="side">Pixels of a picture in both directions.</param>
    /// <exception cref="InvalidDataException">They are missing or damaged.</exception>
    public static LabelledPictures Idx(string folder, int side = 64)
    {
        byte[] pictures = Find(folder, "*images-idx3-ubyte*"), labels = Find(folder, "*labels-idx1-ubyte*");
        if (pictures.Length < 16 || labels.Length < 8 || BinaryPrimitives.ReadInt32BigEndian(pictures) != 0x803 || BinaryPrimitives.ReadInt32BigEndian(labels) != 0x801) throw new InvalidDataException($"'{folder}' holds no pictures and labels in idx format.");
        int count = BinaryPrimitives.ReadInt32BigEndian(pictures.AsSpan(4)), height = BinaryPrimitives.ReadInt32BigEndian(pictures.AsSpan(8)), width = BinaryPrimitives.ReadInt32BigEndian(pictures.AsSpan(12));
        if (count < 0 || width is < 1 or > 4096 || height is < 1 or > 4096 || pictures.Length != 16 + ((long)count * width * height) || labels.Length != 8L + count || BinaryPrimitives.ReadInt32BigEndian(labels.AsSpan(4)) != count)
            throw new InvalidDataException($"The idx files in '{folder}' are damaged: their sizes do not fit what they say.");
        int area = width * height;
        List<(byte[] Pixels, int Label)> all = [.. Enumerable.Range(0, count).Select(i => (pictures.AsSpan(16 + (i * area), area).ToArray(), Label(labels[8 + i], folder)))];
        Picture Grey(byte[] pixels)
        {
            var picture = new Picture(width, height);
            for (int i = 0; i < picture.Pixels.Length; i++) picture.Pixels[i] = pixels[i / 3];
            return picture;
        }
        return new LabelledPictures([.. all.Where((_, i) => i % HeldOutOf != 0)], [.. all.Where((_, i) => i % HeldOutOf == 0)], Grey, label => $"a handwritten {Digits[label]}", side)
        {
            Description = $"{count} handwritten digits (MNIST's format), one of {HeldOutOf} held out", License = "cc-by-sa-3.0",
        };
    }

    /// <summary>Reads the binary version of CIFAR-10 from a folder: <c>data_batch_*.bin</c> to train on, <c>test_batch.bin</c> held out.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="side">Pixels of a picture in both directions.</param>
    /// <exception cref="InvalidDataException">They are missing or damaged.</exception>
    public static LabelledPictures Cifar10(string folder, int side = 64)
    {
        const int Side = 32, Record = 1 + (3 * Side * Side);
        List<(byte[] Pixels, int Label)> Batch(string pattern) => [.. Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal).SelectMany(path =>
        {
            byte[] bytes = Read(path);
            if (bytes.Length % Record != 0) throw new InvalidDataException($"'{path}' is damaged: it is no whole number of pictures.");
            return Enumerable.Range(0, bytes.Length / Record).Select(i => (bytes.AsSpan((i * Record) + 1, Record - 1).ToArray(), Label(bytes[i * Record], path)));
        })];
        Picture Colour(byte[] planes)
        {
            var picture = new Picture(Side, Side);
            for (int i = 0; i < Side * Side; i++)
                for (int c = 0; c < 3; c++) picture.Pixels[(3 * i) + c] = planes[(c * Side * Side) + i];
            return picture;
        }
        return new LabelledPictures(Batch("data_batch_*.bin"), Batch("test_batch.bin"), Colour, label => $"a photo of {Cifar[label]}", side) { Description = "CIFAR-10 as the user has it", License = "other" };
    }

    /// <inheritdoc/>
    public CaptionedPicture Train(long index) => Captioned(_train[(int)index]);

    /// <inheritdoc/>
    public CaptionedPicture HeldOut(long index) => Captioned(_heldOut[(int)index]);

    private CaptionedPicture Captioned((byte[] Pixels, int Label) one) => new(_picture(one.Pixels).Resized(_side, _side), _caption(one.Label));

    private static int Label(byte label, string where) => label < 10 ? label : throw new InvalidDataException($"'{where}' is damaged: there is no label {label}.");

    private static byte[] Find(string folder, string pattern) =>
        Directory.Exists(folder) && Directory.GetFiles(folder, pattern) is [var path, ..] ? Read(path) : throw new InvalidDataException($"There is no '{pattern}' in '{folder}'.");

    private static byte[] Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        if (!path.EndsWith(".gz", StringComparison.Ordinal)) return file.Length <= LongestFile ? File.ReadAllBytes(path) : throw new InvalidDataException($"'{path}' is longer than a gigabyte.");
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        byte[] piece = new byte[1 << 16];
        for (int read; (read = unpacked.Read(piece)) > 0;)
        {
            bytes.Write(piece, 0, read);
            if (bytes.Length > LongestFile) throw new InvalidDataException($"'{path}' unpacks to more than a gigabyte.");
        }
        return bytes.ToArray();
    }
}
