using Percheron.Formats;

namespace Percheron.Codecs.Speech;

/// <summary>A speech codec as a GGUF file: what frames are made of under <c>speech.*</c>, the books in half precision.</summary>
public static class SpeechCodecFile
{
    /// <summary>What <c>general.architecture</c> says.</summary>
    public const string Architecture = "percheron-speech-codec";

    private const string MeanName = "frame.mean", ScaleName = "frame.scale", BooksName = "codebooks", WeightsName = "decoder.weight", BiasName = "decoder.bias";
    private const int MostBooks = 64, MostCodes = 1 << 16, WidestFrame = 4096;

    /// <summary>Reads a codec.</summary>
    /// <exception cref="ModelFormatException">The file is no speech codec, or says what cannot be.</exception>
    public static SpeechCodec Read(GgufFile file)
    {
        if (!(file.Metadata.TryGetValue("general.architecture", out GgufValue? kind) && kind.TryString(out string name) && name == Architecture))
            throw file.Fault("general.architecture", $"not a speech codec: general.architecture is not '{Architecture}'");
        var mel = new MelSettings
        {
            SampleRate = Whole(file, "speech.sample_rate"),
            Window = Whole(file, "speech.window"),
            Hop = Whole(file, "speech.hop"),
            Transform = Whole(file, "speech.transform"),
            Bands = Whole(file, "speech.bands"),
            Lowest = Number(file, "speech.lowest"),
            Highest = Number(file, "speech.highest"),
            Floor = Number(file, "speech.floor"),
        };
        if (mel.Fault() is { } fault) throw file.Fault("speech.sample_rate", $"{fault} is not possible");
        int stack = Whole(file, "speech.stack"), books = Whole(file, "speech.books"), count = Whole(file, "speech.count");
        if (stack < 1 || stack > WidestFrame / mel.Bands || books is < 1 or > MostBooks || count is < 2 or > MostCodes) throw file.Fault("speech.books", $"{books} books of {count} codes for {stack} frames at once are not possible");
        int width = stack * mel.Bands;
        var quantizer = new ResidualQuantizer(width, books, Floats(file, BooksName, width, (long)(count - 1) * books));
        FrameDecoder? decoder = file.TryGetTensor(WeightsName, out _) ? new FrameDecoder(width, Floats(file, WeightsName, 3 * width, width), Floats(file, BiasName, width, 1)) : null;
        float[] scale = Floats(file, ScaleName, mel.Bands, 1);
        if (Array.Exists(scale, value => !(value > 0))) throw file.Fault(file.Tensor(ScaleName), $"'{ScaleName}' has a scale that is not positive");
        return new SpeechCodec(mel, Floats(file, MeanName, mel.Bands, 1), scale, quantizer, decoder);
    }

    /// <summary>Adds everything that <see cref="Read"/> reads to a file.</summary>
    public static void Describe(GgufWriter writer, SpeechCodec codec)
    {
        MelSettings mel = codec.Mel;
        writer.Add("general.architecture", Architecture);
        foreach ((string key, int value) in ((string, int)[])[("sample_rate", mel.SampleRate), ("window", mel.Window), ("hop", mel.Hop), ("transform", mel.Transform), ("bands", mel.Bands), ("stack", codec.Stack), ("books", codec.Books), ("count", codec.Count)])
            writer.Add($"speech.{key}", (uint)value);
        writer.Add("speech.lowest", mel.Lowest);
        writer.Add("speech.highest", mel.Highest);
        writer.Add("speech.floor", mel.Floor);
        int width = codec.Quantizer.Width;
        float[] words = new float[codec.Books * codec.Quantizer.Codes * width];
        for (int i = 0; i < words.Length / width; i++) codec.Quantizer.Word(i / codec.Quantizer.Codes, i % codec.Quantizer.Codes).CopyTo(words.AsSpan(i * width));
        writer.AddTensor(MeanName, TensorType.F32, [mel.Bands], codec.Mean);
        writer.AddTensor(ScaleName, TensorType.F32, [mel.Bands], codec.Scale);
        writer.AddTensor(BooksName, TensorType.F16, [width, codec.Quantizer.Codes, codec.Books], words);
        if (codec.Decoder is not { } decoder) return;
        writer.AddTensor(WeightsName, TensorType.F16, [3 * width, width], decoder.Weights);
        writer.AddTensor(BiasName, TensorType.F32, [width], decoder.Bias);
    }

    private static int Whole(GgufFile file, string key) =>
        file.Metadata.TryGetValue(key, out GgufValue? value) && value.TryInteger(out int number) ? number : throw file.Fault(key, $"a speech codec needs the whole number {key}");

    private static float Number(GgufFile file, string key) =>
        file.Metadata.TryGetValue(key, out GgufValue? value) && value.TryFloat(out double number) && double.IsFinite(number) ? (float)number : throw file.Fault(key, $"a speech codec needs the number {key}");

    private static float[] Floats(GgufFile file, string name, long columns, long rows)
    {
        TensorInfo tensor = file.Tensor(name);
        if (tensor.Columns != columns || tensor.Rows != rows) throw file.Fault(tensor, $"tensor '{name}' is {tensor.Columns} × {tensor.Rows}, not {columns} × {rows}");
        float[] values = file.ReadFloats(tensor);
        if (!Array.TrueForAll(values, float.IsFinite)) throw file.Fault(tensor, $"tensor '{name}' holds something that is not a number");
        return values;
    }
}
