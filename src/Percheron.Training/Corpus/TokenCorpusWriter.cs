using System.Runtime.InteropServices;
using System.Text.Json;
using Percheron.Training.Tokens;

namespace Percheron.Training.Corpus;

/// <summary>Writes a <see cref="TokenCorpus"/> document by document. A folder that was left unfinished is gone on with; how far it came it says in <see cref="Documents"/>.</summary>
public sealed class TokenCorpusWriter : IDisposable
{
    private static readonly JsonSerializerOptions Form = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly string _folder;
    private readonly ModelVocabulary _vocabulary;
    private readonly TokenCorpusDescription _about;
    private readonly FileStream[] _files;
    private readonly long[] _documents = new long[2];

    /// <summary>Begins a corpus, or goes on with an unfinished one; the folder is made if missing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="text">Vocabulary of the text, written there.</param>
    /// <param name="about">What it is.</param>
    /// <exception cref="ArgumentException">The tokens do not fit together, or are more than 65,536.</exception>
    /// <exception cref="InvalidDataException">The folder holds an unfinished corpus with another vocabulary.</exception>
    public TokenCorpusWriter(string folder, BpeVocabulary text, TokenCorpusDescription about)
    {
        (_folder, _about) = (folder, about);
        _vocabulary = new ModelVocabulary(text, about.Specials, about.Codes);
        if (_vocabulary.Count > ushort.MaxValue + 1) throw new ArgumentException($"A corpus holds ids of 16 bits, and there are {_vocabulary.Count} tokens.", nameof(text));
        Directory.CreateDirectory(folder);
        string merges = Path.Combine(folder, TokenCorpus.Merges);
        bool finished = File.Exists(Path.Combine(folder, TokenCorpus.Description));
        if (!finished && File.Exists(merges) && !BpeVocabulary.Load(merges).Merges.SequenceEqual(text.Merges))
            throw new InvalidDataException($"'{folder}' holds a corpus of other tokens that was left unfinished; delete it or name another folder.");
        text.Save(merges);
        _files = [.. new[] { false, true }.Select(heldOut => new FileStream(TokenCorpus.FileOf(folder, heldOut), finished ? FileMode.Create : FileMode.OpenOrCreate, FileAccess.ReadWrite))];
        if (finished) File.Delete(Path.Combine(folder, TokenCorpus.Description));
        for (int split = 0; split < 2; split++) _documents[split] = CutToWhole(_files[split]);
    }

    /// <summary>How many documents are there.</summary>
    public (long Train, long HeldOut) Documents => (_documents[0], _documents[1]);

    /// <summary>Adds a document.</summary>
    /// <param name="tokens">The end of text, then anything but it.</param>
    /// <param name="heldOut">Into which split.</param>
    /// <exception cref="ArgumentException">It does not begin with the end of text, has it elsewhere, or an id that is none.</exception>
    public void Add(ReadOnlySpan<int> tokens, bool heldOut)
    {
        if (tokens.Length == 0 || tokens[0] != BpeVocabulary.EndOfText || tokens[1..].Contains(BpeVocabulary.EndOfText)) throw new ArgumentException("A document begins with the end of text and has it nowhere else.", nameof(tokens));
        var ids = new ushort[tokens.Length];
        for (int i = 0; i < ids.Length; i++)
            ids[i] = (uint)tokens[i] < (uint)_vocabulary.Count ? (ushort)tokens[i] : throw new ArgumentException($"There is no token {tokens[i]}.", nameof(tokens));
        if (!BitConverter.IsLittleEndian) for (int i = 0; i < ids.Length; i++) ids[i] = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(ids[i]);
        _files[heldOut ? 1 : 0].Write(MemoryMarshal.AsBytes(ids.AsSpan()));
        _documents[heldOut ? 1 : 0]++;
    }

    /// <summary>Says that all documents are there; the corpus can be opened from now on.</summary>
    public void Finish()
    {
        foreach (FileStream file in _files) file.Flush(flushToDisk: true);
        string path = Path.Combine(_folder, TokenCorpus.Description), partial = path + ".partial";
        File.WriteAllText(partial, JsonSerializer.Serialize(_about, Form) + "\n");
        File.Move(partial, path, overwrite: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (FileStream file in _files) file.Dispose();
    }

    // Nobody knows whether the last document was written whole: it is made again.
    private static long CutToWhole(FileStream file)
    {
        var bytes = new byte[file.Length / 2 * 2];
        file.ReadExactly(bytes);
        ReadOnlySpan<ushort> ids = MemoryMarshal.Cast<byte, ushort>(bytes);
        int last = Math.Max(0, ids.LastIndexOf((ushort)BpeVocabulary.EndOfText));
        file.SetLength(2L * last);
        file.Position = file.Length;
        return ids[..last].Count((ushort)BpeVocabulary.EndOfText);
    }
}
