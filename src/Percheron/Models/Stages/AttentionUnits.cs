using Percheron.Kernels;

namespace Percheron.Models.Stages;

/// <summary>
/// Cuts the attention of a layer into units: as many rows of a sequence together as a tile holds, so that each key and value is widened once for all of
/// them, and, where that leaves threads idle, chunks of positions, then rows, then heads apart. How it is cut changes no bit.
/// </summary>
internal sealed class AttentionUnits
{
    /// <summary>Most (row, head) lines of a tile; more repay little, and their scores must stay in a core's cache.</summary>
    public const int MostLines = 64;

    // Units for each thread, so that one which is held up leaves the rest to the others.
    private const int UnitsPerThread = 4;

    private AttentionUnit[] _units = new AttentionUnit[16];
    private int[] _left = new int[4];
    private int _leftCount;

    /// <summary>Number of units.</summary>
    public int Count { get; private set; }

    /// <summary>Floats of all contributions of single chunks.</summary>
    public long PartialFloats { get; private set; }

    public ref readonly AttentionUnit this[int index] => ref _units[index];

    /// <summary>Notes that a chunk is done.</summary>
    /// <returns>Whether it was the last one of its rows and heads.</returns>
    public bool Finish(in AttentionUnit unit) => Interlocked.Decrement(ref _left[unit.Left]) == 0;

    /// <param name="state">The rows.</param>
    /// <param name="rows">What each of them sees.</param>
    /// <param name="threads">Threads to keep busy.</param>
    public void Plan(ForwardState state, ReadOnlySpan<AttentionRow> rows, int threads)
    {
        int keyHeads = state.Config.KeyValueHeadCount, group = state.Config.HeadCount / keyHeads;
        int most = Math.Max(1, MostLines / group), heads = group;
        (int tiles, int chunks) = Measure(state, rows, most);
        bool split = tiles * keyHeads < UnitsPerThread * threads && chunks > tiles && threads > 1;
        if (!split) chunks = tiles;
        while (chunks * keyHeads < threads && most > 1)
        {
            most = (most + 1) / 2;
            (tiles, int cut) = Measure(state, rows, most);
            chunks = split ? cut : tiles;
        }
        // A thread quantizes what it wrote in whole blocks.
        while (chunks * keyHeads * ((group + heads - 1) / heads) < threads && heads > 1 && state.Config.HeadSize % 32 == 0) heads = (heads + 1) / 2;
        Count = _leftCount = 0;
        PartialFloats = 0;
        for (int at = 0; at < rows.Length;)
        {
            int count = Together(state, at, most);
            for (int head = 0; head < keyHeads; head++)
                for (int first = 0; first < group; first += heads)
                    Add(new AttentionUnit { Row = at, Rows = count, KeyHead = head, Head = first, Heads = Math.Min(heads, group - first) }, rows.Slice(at, count), split, state.Config.HeadSize);
            at += count;
        }
    }

    private void Add(AttentionUnit unit, ReadOnlySpan<AttentionRow> rows, bool split, int headSize)
    {
        (int first, int count) = Attention.Chunks(rows);
        if (Count + count > _units.Length) Array.Resize(ref _units, Math.Max(Count + count, 2 * Count));
        unit.Chunk = -1;
        if (!split || count == 1)
        {
            _units[Count++] = unit;
            return;
        }
        if (_leftCount == _left.Length) Array.Resize(ref _left, 2 * _leftCount);
        _left[_leftCount] = count;
        unit.Left = _leftCount++;
        unit.FirstPartial = PartialFloats;
        int floats = Attention.PartialFloats(unit.Rows * unit.Heads, headSize);
        for (int i = 0; i < count; i++, PartialFloats += floats)
        {
            (unit.Chunk, unit.Partial) = (first + i, PartialFloats);
            _units[Count++] = unit;
        }
    }

    // Tiles of at most so many rows, and their chunks.
    private static (int Tiles, int Chunks) Measure(ForwardState state, ReadOnlySpan<AttentionRow> rows, int most)
    {
        int tiles = 0, chunks = 0;
        for (int at = 0; at < rows.Length; tiles++)
        {
            int count = Together(state, at, most);
            chunks += Attention.Chunks(rows.Slice(at, count)).Count;
            at += count;
        }
        return (tiles, chunks);
    }

    // Rows of one cache that follow each other.
    private static int Together(ForwardState state, int at, int most)
    {
        int count = 1;
        while (count < most && at + count < state.Count && state.Rows[at + count].Cache == state.Rows[at].Cache) count++;
        return count;
    }
}
