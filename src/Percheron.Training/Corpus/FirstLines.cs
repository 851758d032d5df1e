using Percheron.Training.Tokens;

namespace Percheron.Training.Corpus;

/// <summary>Finds the first line of encoded documents, or what stands before their codes: what a prompt gives.</summary>
public sealed class FirstLines(ModelVocabulary vocabulary)
{
    private readonly bool[] _ends = [.. Enumerable.Range(0, vocabulary.Count).Select(id => vocabulary.Codes is { } codes ? id == codes.Begin : id < vocabulary.Text.Count && vocabulary.Text.Bytes(id).Contains((byte)'\n'))];

    /// <summary>The end of text and the first line of a document, with the token that ends it; of a document with codes everything up to them.</summary>
    public ReadOnlySpan<int> Of(int[] document) => document.AsSpan(0, Math.Max(1, Array.FindIndex(document, 1, id => _ends[id]) + 1));

    /// <summary>First lines of <paramref name="count"/> documents, spread evenly.</summary>
    public IReadOnlyList<int[]> Spread(IReadOnlyList<int[]> documents, int count) =>
        [.. Enumerable.Range(0, Math.Min(count, documents.Count)).Select(i => Of(documents[(int)((long)i * documents.Count / Math.Min(count, documents.Count))]).ToArray())];
}
