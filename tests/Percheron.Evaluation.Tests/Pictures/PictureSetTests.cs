using System.IO.Compression;
using Percheron.Codecs.Images;
using Percheron.Evaluation.Pictures;
using Percheron.Tests.Support;
using Xunit;

namespace Percheron.Evaluation.Tests.Pictures;

/// <summary>LabelledPictures and FolderPictures.</summary>
public sealed class PictureSetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("percheron").FullName;

    [Fact]
    public void Idx_files_are_pictures_with_labels_in_words()
    {
        // Twelve pictures of 3 x 2, number i all of brightness 10 i.
        byte[] pictures = [0, 0, 8, 3, 0, 0, 0, 12, 0, 0, 0, 2, 0, 0, 0, 3, .. Enumerable.Range(0, 72).Select(i => (byte)(i / 6 * 10))];
        using (var packed = new GZipStream(File.Create(At("x-images-idx3-ubyte.gz")), CompressionLevel.Optimal)) packed.Write(pictures);
        File.WriteAllBytes(At("x-labels-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, 12, .. Enumerable.Range(0, 12).Select(i => (byte)(i % 10))]);
        LabelledPictures set = LabelledPictures.Idx(_folder, side: 6);
        Assert.Equal((10, 2, "cc-by-sa-3.0"), (set.TrainCount, set.HeldOutCount, set.License));
        Assert.Equal("a handwritten three", set.Train(2).Caption);
        Assert.All(set.Train(2).Picture.Pixels, value => Assert.Equal(30, value));
        Assert.All(set.HeldOut(1).Picture.Pixels, value => Assert.Equal(100, value));

        File.WriteAllBytes(At("x-labels-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, 12, 1]);
        Assert.Contains("damaged", Assert.Throws<InvalidDataException>(() => LabelledPictures.Idx(_folder)).Message, StringComparison.Ordinal);
        Assert.Contains("There is no", Assert.Throws<InvalidDataException>(() => LabelledPictures.Idx(At("nowhere"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cifar_10_is_read_plane_by_plane()
    {
        byte[] record = [3, .. Enumerable.Repeat((byte)200, 1024), .. Enumerable.Repeat((byte)100, 1024), .. Enumerable.Repeat((byte)50, 1024)];
        File.WriteAllBytes(At("data_batch_1.bin"), [.. record, .. record]);
        File.WriteAllBytes(At("test_batch.bin"), record);
        LabelledPictures set = LabelledPictures.Cifar10(_folder);
        Assert.Equal((2, 1, "a photo of a cat"), (set.TrainCount, set.HeldOutCount, set.HeldOut(0).Caption));
        Assert.Equal([200, 100, 50], set.Train(1).Picture[63, 5].ToArray());
        File.WriteAllBytes(At("test_batch.bin"), record.AsSpan(1));
        Assert.Contains("damaged", Assert.Throws<InvalidDataException>(() => LabelledPictures.Cifar10(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_has_captions_beside_its_pictures_or_in_one_file()
    {
        for (int i = 0; i < 40; i++)
        {
            var picture = new Picture(10, 8);
            picture.Pixels.AsSpan().Fill((byte)i);
            PngWriter.Write(At($"{i:00}.png"), picture);
            if (i < 20) File.WriteAllText(At($"{i:00}.txt"), $"number {i}\n");
        }
        File.WriteAllLines(At("captions.jsonl"), Enumerable.Range(20, 15).Select(i => $$"""{"file": "{{i:00}}.png", "text": "line {{i}}"}"""));
        var set = new FolderPictures(_folder, side: 4);
        CaptionedPicture[] all = [.. Enumerable.Range(0, (int)set.TrainCount).Select(i => set.Train(i)), .. Enumerable.Range(0, (int)set.HeldOutCount).Select(i => set.HeldOut(i))];
        Assert.Equal(35, all.Length);
        Assert.InRange(set.HeldOutCount, 1, 8);
        Assert.All(all, one => Assert.Equal(one.Picture.Pixels[0], int.Parse(one.Caption.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.All(all, one => Assert.Equal((4, 4), (one.Picture.Width, one.Picture.Height)));

        File.WriteAllText(At("captions.jsonl"), "{\"file\": 5}");
        Assert.Contains("line 1", Assert.Throws<InvalidDataException>(() => new FolderPictures(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Real_digits_are_read_where_they_are()
    {
        LabelledPictures set = LabelledPictures.Idx(SharedData.Require("images"));
        Assert.Equal((9000, 1000), (set.TrainCount, set.HeldOutCount));
        // The first of the test set is a seven.
        Assert.Equal("a handwritten seven", set.HeldOut(0).Caption);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string At(string name) => Path.Combine(_folder, name);
}
