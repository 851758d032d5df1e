using Percheron.Codecs.Images;
using Xunit;

namespace Percheron.Tests.Codecs.Images;

public class PictureTests
{
    [Fact]
    public void Half_the_size_is_the_mean_of_four()
    {
        var picture = new Picture(4, 2);
        for (int i = 0; i < 8; i++) picture[i % 4, i / 4][1] = (byte)(10 * i);
        Picture half = picture.Resized(2, 1);
        Assert.Equal([25, 45], [half[0, 0][1], half[1, 0][1]]);
    }

    [Fact]
    public void Larger_and_back_is_the_same()
    {
        var picture = new Picture(5, 3);
        new Random(1).NextBytes(picture.Pixels);
        Assert.Equal(picture.Pixels, picture.Resized(15, 9).Resized(5, 3).Pixels);
    }

    [Fact]
    public void A_grid_has_white_between_and_black_nowhere()
    {
        Picture[] pictures = [.. Enumerable.Range(1, 3).Select(i =>
        {
            var picture = new Picture(4, 3);
            picture.Pixels.AsSpan().Fill((byte)i);
            return picture;
        })];
        Picture grid = Picture.Grid(pictures, columns: 2, gap: 1);
        Assert.Equal((9, 7), (grid.Width, grid.Height));
        Assert.Equal([1, 255, 2, 3, 255], [grid[3, 2][0], grid[4, 0][0], grid[5, 0][0], grid[0, 4][0], grid[8, 6][0]]);
    }

    [Fact]
    public void A_size_no_picture_has_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new Picture(1 << 20, 1 << 20));
}
