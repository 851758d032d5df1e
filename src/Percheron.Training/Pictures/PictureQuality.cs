using Percheron.Codecs.Images;
using Percheron.Evaluation.Pictures;
using Percheron.Evaluation.Scenes;

namespace Percheron.Training.Pictures;

/// <summary>How well held-out pictures come through a codec.</summary>
/// <param name="Pictures">How many were measured.</param>
/// <param name="Decibels">Signal to noise of their pixels.</param>
/// <param name="Codes">Different codes that were used.</param>
/// <param name="Right">Share of those the scene checker reads right before that it still reads right; NaN where the pictures are no scenes.</param>
public sealed record PictureQuality(int Pictures, double Decibels, int Codes, double Right)
{
    /// <summary>Measures a codec on the first pictures that are held out.</summary>
    public static PictureQuality Of(IPictureCodec codec, IPictureSet set, int pictures)
    {
        int count = (int)Math.Min(pictures, set.HeldOutCount), scenes = 0, right = 0;
        double squares = 0;
        var used = new HashSet<int>();
        int[] codes = new int[codec.Width * codec.Height];
        var made = new Picture(codec.PictureWidth, codec.PictureHeight);
        for (int i = 0; i < count; i++)
        {
            CaptionedPicture one = set.HeldOut(i);
            codec.Encode(one.Picture, codes);
            codec.Decode(codes, made);
            used.UnionWith(codes);
            for (int b = 0; b < made.Pixels.Length; b++) squares += Math.Pow(made.Pixels[b] - one.Picture.Pixels[b], 2);
            if (set is not ScenePictures || !CaptionGrammar.TryRead(one.Caption, out SceneCaption caption, out _)) continue;
            scenes++;
            if (SceneChecker.Problem(made, caption) is null) right++;
        }
        double mean = squares / ((double)count * made.Pixels.Length);
        return new PictureQuality(count, 10 * Math.Log10(255 * 255 / mean), used.Count, scenes == 0 ? double.NaN : (double)right / scenes);
    }

    /// <summary>A line for people.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"{Pictures} held-out pictures come through with {Decibels:f1} dB and {Codes} codes in use{(double.IsNaN(Right) ? "" : $"; the scene checker reads {100 * Right:f2} % of them right")}");
}
