using Percheron.Codecs.Images;
using Percheron.Codecs.Networks;

namespace Percheron.Training.Pictures;

/// <summary>The networks of a picture codec: 64 x 64 pixels to 16 x 16 codes.</summary>
/// <param name="Count">Number of codes.</param>
/// <param name="Width">Channels within the networks.</param>
/// <param name="Vector">Floats of a code's vector.</param>
public sealed record PictureCodecShape(int Count, int Width = 64, int Vector = 8)
{
    /// <summary>Pixels of a picture in both directions.</summary>
    public const int Side = 64;

    /// <summary>Codes of a row, and rows.</summary>
    public const int Grid = 16;

    /// <summary>Pixels to vectors of length 1.</summary>
    public LayerPlan Encoder => new(VqCodec.Encoder, new LayerShape(3, Side, Side),
    [
        $"conv {Width / 2} kernel=4 stride=2 padding=1", "silu", $"conv {Width} kernel=4 stride=2 padding=1", "silu",
        .. Residual, "silu", $"linear {Vector}", "unit",
    ]);

    /// <summary>Vectors to pixels. Nothing is normalised over the whole picture, so that its beginning can be seen before its end is known.</summary>
    public LayerPlan Decoder => new(VqCodec.Decoder, new LayerShape(Vector, Grid, Grid),
    [
        $"conv {Width} kernel=3 padding=1", .. Residual, .. Residual, "silu", $"conv {2 * Width} kernel=3 padding=1", "silu", "shuffle 2", $"conv {Width / 2} kernel=3 padding=1", "silu", "conv 12 kernel=3 padding=1", "shuffle 2",
    ]);

    private string[] Residual => ["residual", "silu", $"conv {Width} kernel=3 padding=1", "silu", $"linear {Width}", "end"];
}
