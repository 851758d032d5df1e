using Percheron.Codecs;

namespace Percheron.Cli.Tests.Support;

/// <summary>A folder with a model of random weights over 4 × 3 colours of the palette, and a draft.</summary>
internal sealed class TinyPictures : IDisposable
{
    public const int Width = 4, Height = 3, Count = 256;
    private readonly string _folder = Directory.CreateTempSubdirectory("percheron-pictures-").FullName;

    public TinyPictures()
    {
        string[] extra = ["<begin>", "<blank>", .. Enumerable.Range(0, Count).Select(i => $"<code_0_{i}>")];
        CodeLayout codes = new() { Kind = CodeLayout.Image, First = First, Count = Count, Begin = First - 2, Blank = First - 1, Width = Width, Height = Height };
        _ = new TinyModel(1, extra: extra, path: Target, codes: codes);
        _ = new TinyModel(2, extra: extra, path: Draft, codes: codes);
    }

    /// <summary>Id of the first code.</summary>
    public static int First => TinyModel.Vocabulary + 2;

    public string Target => At("tiny-q8_0.gguf");

    public string Draft => At("tiny-draft-q8_0.gguf");

    public string At(string name) => Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
