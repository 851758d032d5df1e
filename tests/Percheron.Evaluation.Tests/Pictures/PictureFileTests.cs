using Percheron.Codecs.Images;
using Percheron.Evaluation.Pictures;
using Xunit;

namespace Percheron.Evaluation.Tests.Pictures;

public sealed class PictureFileTests : IDisposable
{
    // 20 x 10 pixels of orange.
    private const string Orange = "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wAARCAAKABQDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAf/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFgEBAQEAAAAAAAAAAAAAAAAAAAgJ/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAwDAQACEQMRAD8AvADPpTYAD//Z";

    private readonly string _folder = Directory.CreateTempSubdirectory("percheron").FullName;

    [Fact]
    public void Jpeg_and_png_are_told_apart_by_what_they_begin_with()
    {
        Picture picture = PictureFile.Read(Write("orange.png", Convert.FromBase64String(Orange)));
        Assert.Equal((20, 10), (picture.Width, picture.Height));
        Assert.InRange(picture[3, 3][1], 160, 170);
        PngWriter.Write(Path.Combine(_folder, "again.jpg"), picture);
        Assert.Equal(picture.Pixels, PictureFile.Read(Path.Combine(_folder, "again.jpg")).Pixels);
        Picture square = PictureFile.Square(picture, 4);
        Assert.Equal((4, 4), (square.Width, square.Height));
    }

    [Fact]
    public void No_damage_makes_anything_but_one_error()
    {
        byte[] file = Convert.FromBase64String(Orange);
        var random = new Random(1);
        for (int trial = 0; trial < 1000; trial++)
        {
            byte[] damaged = file.AsSpan(0, trial % 4 == 0 ? random.Next(9, file.Length) : file.Length).ToArray();
            for (int i = 0; i < 3; i++) damaged[random.Next(2, damaged.Length)] = (byte)random.Next(256);
            try
            {
                Picture picture = PictureFile.Read(Write("damaged.jpg", damaged));
                Assert.True(picture.Width * picture.Height < 4096 * file.Length);
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
