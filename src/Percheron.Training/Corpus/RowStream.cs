namespace Percheron.Training.Corpus;

/// <summary>
/// Documents packed end to end and cut into rows of equal length, in a fresh order each epoch.
/// A row is a pure function of (seed, its index), so a run resumes at any row without replaying the ones before.
/// </summary>
/// <remarks>
/// Where documents are to be whole, every row begins with one and only its last may be cut; the next row begins with one of those that came last. A picture without its caption teaches nothing about captions.
/// </remarks>
public sealed class RowStream
{
    private readonly int[][] _documents;
    private readonly Func<int[], ulong, int[]>? _vary;
    private readonly ulong _seed;
    private readonly long _rowsPerEpoch;
    private readonly int _documentsPerRow;
    private int[] _packed = [], _starts = [];
    private long _epoch = -1;

    /// <summary>Rows of <paramref name="length"/> + 1 tokens (inputs and the token after each) over encoded documents; neighbours share one token.</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="length">Inputs of a row.</param>
    /// <param name="seed">Seed of the order.</param>
    /// <param name="vary">What becomes of a document in an epoch, of the same length, from a number that is drawn for both; null leaves it as it is.</param>
    /// <param name="whole">Whether every row begins with the beginning of a document.</param>
    /// <exception cref="ArgumentException">The documents do not fill one row.</exception>
    public RowStream(IReadOnlyList<int[]> documents, int length, ulong seed, Func<int[], ulong, int[]>? vary = null, bool whole = false)
    {
        _vary = vary;
        _documents = [.. documents];
        Length = length;
        _seed = seed;
        Tokens = documents.Sum(document => (long)document.Length);
        // As many as fit on average: a row that is cut late sees a little of a document that the next row has whole.
        _documentsPerRow = whole ? (int)Math.Max(1, (long)length * documents.Count / Math.Max(1, Tokens)) : 0;
        _rowsPerEpoch = whole && Tokens > length ? documents.Count / _documentsPerRow : (Tokens - 1) / length;
        if (_rowsPerEpoch < 1) throw new ArgumentException($"{Tokens} tokens do not fill one row of {length}.", nameof(documents));
    }

    /// <summary>Inputs of a row.</summary>
    public int Length { get; }

    /// <summary>Whether every row begins with the beginning of a document.</summary>
    public bool Whole => _documentsPerRow > 0;

    /// <summary>Tokens of all documents.</summary>
    public long Tokens { get; }

    /// <summary>Rows of one epoch.</summary>
    public long RowsPerEpoch => _rowsPerEpoch;

    /// <summary>Row <paramref name="index"/>, counted over all epochs; length + 1 tokens. Not safe for several threads.</summary>
    public ReadOnlySpan<int> Row(long index)
    {
        long epoch = index / _rowsPerEpoch;
        if (epoch != _epoch) Pack(epoch);
        long row = index % _rowsPerEpoch;
        return _packed.AsSpan(Whole ? _starts[row * _documentsPerRow] : (int)(row * Length), Length + 1);
    }

    private void Pack(long epoch)
    {
        int[] order = SplitMix.Order(_documents.Length, _seed, epoch);
        _packed = [.. order.SelectMany(i => _vary?.Invoke(_documents[i], Draw(epoch, i)) ?? _documents[i])];
        _epoch = epoch;
        if (!Whole) return;
        _starts = new int[order.Length];
        for (int i = 1; i < order.Length; i++) _starts[i] = _starts[i - 1] + _documents[order[i - 1]].Length;
        // The last rows go on with the first documents.
        _packed = [.. _packed, .. _packed[..(Length + 1)]];
    }

    private ulong Draw(long epoch, int document)
    {
        ulong state = unchecked(_seed + ((ulong)epoch * 0x9E3779B97F4A7C15) + ((ulong)document << 32));
        return SplitMix.Next(ref state);
    }
}
