namespace Percheron.Training.Corpus;

/// <summary>
/// Documents packed end to end and cut into rows of equal length, in a fresh order each epoch.
/// A row is a pure function of (seed, its index), so a run resumes at any row without replaying the ones before.
/// </summary>
public sealed class RowStream
{
    private readonly int[][] _documents;
    private readonly Func<int[], ulong, int[]>? _vary;
    private readonly ulong _seed;
    private readonly long _rowsPerEpoch;
    private int[] _packed = [];
    private long _epoch = -1;

    /// <summary>Rows of <paramref name="length"/> + 1 tokens (inputs and the token after each) over encoded documents; neighbours share one token.</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="length">Inputs of a row.</param>
    /// <param name="seed">Seed of the order.</param>
    /// <param name="vary">What becomes of a document in an epoch, of the same length, from a number that is drawn for both; null leaves it as it is.</param>
    /// <exception cref="ArgumentException">The documents do not fill one row.</exception>
    public RowStream(IReadOnlyList<int[]> documents, int length, ulong seed, Func<int[], ulong, int[]>? vary = null)
    {
        _vary = vary;
        _documents = [.. documents];
        Length = length;
        _seed = seed;
        Tokens = documents.Sum(document => (long)document.Length);
        _rowsPerEpoch = (Tokens - 1) / length;
        if (_rowsPerEpoch < 1) throw new ArgumentException($"{Tokens} tokens do not fill one row of {length}.", nameof(documents));
    }

    /// <summary>Inputs of a row.</summary>
    public int Length { get; }

    /// <summary>Tokens of one epoch.</summary>
    public long Tokens { get; }

    /// <summary>Rows of one epoch.</summary>
    public long RowsPerEpoch => _rowsPerEpoch;

    /// <summary>Row <paramref name="index"/>, counted over all epochs; length + 1 tokens. Not safe for several threads.</summary>
    public ReadOnlySpan<int> Row(long index)
    {
        long epoch = index / _rowsPerEpoch;
        if (epoch != _epoch) Pack(epoch);
        return _packed.AsSpan((int)(index % _rowsPerEpoch * Length), Length + 1);
    }

    private void Pack(long epoch)
    {
        _packed = [.. SplitMix.Order(_documents.Length, _seed, epoch).SelectMany(i => _vary?.Invoke(_documents[i], Draw(epoch, i)) ?? _documents[i])];
        _epoch = epoch;
    }

    private ulong Draw(long epoch, int document)
    {
        ulong state = unchecked(_seed + ((ulong)epoch * 0x9E3779B97F4A7C15) + ((ulong)document << 32));
        return SplitMix.Next(ref state);
    }
}
