using Percheron.Codecs.Speech;
using Percheron.Formats;

namespace Percheron.Training.Speech;

/// <summary>From trained books to a codec.</summary>
public static class CodecMaking
{
    /// <summary>The codec of trained books, with the decoder of its recipe.</summary>
    public static SpeechCodec Finish(FrameData data, BookTraining books, CodecRecipe recipe)
    {
        ResidualQuantizer quantizer = books.Quantizer;
        return new SpeechCodec(recipe.Mel, data.Mean, data.Scale, quantizer, recipe.Decoder ? Decoder(data, quantizer, recipe.Paths) : null);
    }

    /// <summary>Writes the codec's file with the licence of what it learned from, and returns it as it was stored.</summary>
    public static SpeechCodec Write(string path, SpeechCodec codec)
    {
        var writer = new GgufWriter();
        SpeechCodecFile.Describe(writer, codec);
        writer.Add("general.name", "Percheron Speech Codec");
        writer.Add("general.license", SpokenDigits.LicenceId);
        writer.Write(path);
        return SpeechCodec.Open(path);
    }

    private static FrameDecoder Decoder(FrameData data, ResidualQuantizer quantizer, int paths)
    {
        float[] coded = new float[data.Vectors.Length];
        int[] codes = new int[quantizer.Books];
        for (int t = 0; t < data.Count; t++)
        {
            quantizer.Encode(data.Vector(t), codes, paths);
            for (int book = 0; book < codes.Length; book++) quantizer.Add(book, codes[book], coded.AsSpan(t * data.Width, data.Width));
        }
        return DecoderFit.Fit(coded, data.Vectors, data.Width);
    }
}
