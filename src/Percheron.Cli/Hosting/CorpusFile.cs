using Percheron.Codecs;
using Percheron.Formats;

namespace Percheron.Cli.Hosting;

/// <summary>Texts to copy from: an index made by <c>percheron index</c>, or a text file that is small enough to index on the spot.</summary>
internal static class CorpusFile
{
    private const long LargestText = 32 << 20;

    /// <exception cref="Failure">The file cannot serve.</exception>
    public static CorpusIndex Open(string path, Tokenizer tokenizer)
    {
        if (!File.Exists(path)) throw new Failure($"there is no file '{path}'.");
        if (!IsIndex(path)) return CorpusIndex.Of(tokenizer.Encode(Text(path), addSpecial: false, parseSpecial: false), tokenizer.VocabularySize, Fingerprint(tokenizer));
        CorpusIndex index = CorpusIndex.Open(path);
        if (index.Fingerprint == Fingerprint(tokenizer)) return index;
        index.Dispose();
        throw new Failure($"'{path}' was made with another model's tokenizer; make it anew: percheron index CORPUS OUT -m MODEL");
    }

    /// <summary>A number that differs between tokenizers: a hash of all pieces, in order.</summary>
    public static ulong Fingerprint(Tokenizer tokenizer)
    {
        ulong hash = 14695981039346656037;
        for (int id = 0; id < tokenizer.VocabularySize; id++)
        {
            foreach (byte b in tokenizer.Piece(id)) hash = (hash ^ b) * 1099511628211;
            hash = (hash ^ 0x1ff) * 1099511628211;
        }
        return hash == 0 ? 1 : hash;
    }

    private static bool IsIndex(string path)
    {
        using FileStream stream = File.OpenRead(path);
        Span<byte> magic = stackalloc byte[4];
        return stream.ReadAtLeast(magic, 4, throwOnEndOfStream: false) == 4 && magic.SequenceEqual("PCIX"u8);
    }

    private static string Text(string path)
    {
        if (new FileInfo(path).Length > LargestText) throw new Failure($"'{path}' is larger than {LargestText >> 20} MiB of text; index it first: percheron index {path} OUT");
        return File.ReadAllText(path);
    }
}
