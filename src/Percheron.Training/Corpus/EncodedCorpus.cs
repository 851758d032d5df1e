using Percheron.Training.Tokens;

namespace Percheron.Training.Corpus;

/// <summary>The corpus as ids: each document is the end of text, then its text, so that a fresh prompt looks like a fresh document.</summary>
public sealed class EncodedCorpus
{
    /// <summary>Encodes every document; order is kept.</summary>
    public EncodedCorpus(IReadOnlyList<Document> documents, BpeVocabulary vocabulary)
    {
        var train = new List<int[]>();
        var heldOut = new List<int[]>();
        var ids = new List<int>();
        foreach (Document document in documents)
        {
            ids.Clear();
            ids.Add(BpeVocabulary.EndOfText);
            vocabulary.Encode(document.Text, ids);
            (document.IsHeldOut ? heldOut : train).Add([.. ids]);
        }
        (Train, HeldOut) = (train, heldOut);
    }

    /// <summary>Documents that are tokens already; <paramref name="packed"/> lets rows of codes begin anywhere too.</summary>
    public EncodedCorpus(TokenCorpus corpus, bool packed = false) => (Train, HeldOut, Whole) = (corpus.Train, corpus.HeldOut, corpus.Vocabulary.Codes is not null && !packed);

    /// <summary>Documents to train on.</summary>
    public IReadOnlyList<int[]> Train { get; }

    /// <summary>Held-out documents.</summary>
    public IReadOnlyList<int[]> HeldOut { get; }

    /// <summary>Whether rows begin with the beginning of a document, because it has a condition there.</summary>
    public bool Whole { get; }

    /// <summary>Rows of length + 1 training tokens.</summary>
    public RowStream TrainRows(int length, ulong seed, Func<int[], ulong, int[]>? vary = null) => new(Train, length, seed, vary, Whole);

    /// <summary>A fixed sample of <paramref name="count"/> held-out rows of length + 1 tokens, for measurements during a run.</summary>
    public IReadOnlyList<int[]> HeldOutRows(int count, int length)
    {
        var stream = new RowStream(HeldOut, length, seed: 0, whole: Whole);
        return [.. Enumerable.Range(0, (int)Math.Min(count, stream.RowsPerEpoch)).Select(i => stream.Row(i).ToArray())];
    }
}
