using System.Collections.Concurrent;
using Percheron.Training.Corpus;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Features;

/// <summary>
/// Captured rows with the target's states, in a fresh order each epoch: a row is a pure function of (seed, its index), so a run resumes anywhere. Nothing but the rows of a pass is in memory.
/// </summary>
public sealed class FeatureStream : IRowSource, IDisposable
{
    private readonly string _folder;
    private readonly FeatureManifest _manifest;
    private readonly int[] _states, _rows;
    private readonly ulong _seed;
    private readonly ConcurrentDictionary<string, FeatureChunk> _chunks = new();
    private readonly Lock _ordering = new();
    private int[] _order = [];
    private long _epoch = -1;

    /// <summary>Opens a folder that <c>percheron-train features</c> filled.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="digest">Digest of the target's file.</param>
    /// <param name="states">States that batches are to have.</param>
    /// <param name="seed">Seed of the order.</param>
    /// <param name="written">Whether only training rows whose text the target wrote itself are wanted.</param>
    /// <exception cref="InvalidDataException">The folder has nothing, not everything yet, other states, or those of another target.</exception>
    public FeatureStream(string folder, string digest, IEnumerable<int> states, ulong seed, bool written = false)
    {
        (_folder, _seed) = (folder, seed);
        _states = [.. states.Distinct().Order()];
        string wanted = string.Join(',', _states);
        _manifest = FeatureManifest.Load(folder) ?? throw new InvalidDataException($"There are no captured states in '{folder}'. Make them first: percheron-train features --states {wanted}");
        if (_manifest.Digest != digest) throw new InvalidDataException($"The states in '{folder}' are those of another target ({_manifest.Model}); capture those of this one into another folder.");
        if (_states.Except(_manifest.States).Any()) throw new InvalidDataException($"The states in '{folder}' are {string.Join(", ", _manifest.States)}, but {wanted} are needed; capture them into another folder.");
        _rows = [.. Enumerable.Range(0, _manifest.Rows).Where(row => !written || FeatureManifest.IsWritten(_manifest.Data, row))];
        if (_rows.Length == 0) throw new InvalidDataException($"The target has written none of the text in '{folder}'; capture some: percheron-train features --data teacher");
        for (int row = 0; row < _manifest.Rows; row += _manifest.RowsPerChunk) Require(heldOut: false, row);
        for (int row = 0; row < _manifest.HeldOutRows; row += _manifest.RowsPerChunk) Require(heldOut: true, row);
    }

    /// <inheritdoc/>
    public int Length => _manifest.Length;

    /// <inheritdoc/>
    public int HeldOutCount => _manifest.HeldOutRows;

    /// <summary>What lies in the folder.</summary>
    public FeatureManifest Manifest => _manifest;

    /// <inheritdoc/>
    public Batch Rows(long first, int count, ulong key) => Read(heldOut: false, [.. Enumerable.Range(0, count).Select(i => Place(first + i))], key);

    /// <inheritdoc/>
    public Batch HeldOut(int row) => Read(heldOut: true, [row], key: null);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (FeatureChunk chunk in _chunks.Values) chunk.Dispose();
    }

    private Batch Read(bool heldOut, int[] rows, ulong? key)
    {
        int tokensPerRow = Length + 1, valuesPerRow = Length * _manifest.Width;
        var ids = new int[tokensPerRow];
        var tokens = new long[rows.Length * tokensPerRow];
        var apart = new int[rows.Length];
        float[][] values = [.. _states.Select(_ => new float[rows.Length * valuesPerRow])];
        for (int r = 0; r < rows.Length; r++)
        {
            FeatureChunk chunk = Chunk(heldOut, rows[r]);
            int row = rows[r] % _manifest.RowsPerChunk;
            apart[r] = chunk.ReadTokens(row, ids) ? 1 : 0;
            for (int i = 0; i < tokensPerRow; i++) tokens[r * tokensPerRow + i] = ids[i];
            for (int s = 0; s < _states.Length; s++) chunk.ReadState(row, IndexOf(_states[s]), values[s].AsSpan(r * valuesPerRow, valuesPerRow));
        }
        var states = new Dictionary<int, Tensor>();
        for (int s = 0; s < _states.Length; s++) states.Add(_states[s], tensor(values[s], rows.Length, Length, _manifest.Width));
        return new Batch(tensor(tokens, rows.Length, tokensPerRow), tensor(apart, rows.Length, 1), key) { States = states };
    }

    private int IndexOf(int state)
    {
        for (int i = 0; i < _manifest.States.Count; i++) if (_manifest.States[i] == state) return i;
        return -1;
    }

    private void Require(bool heldOut, int row)
    {
        if (!File.Exists(_manifest.Chunk(_folder, heldOut, row)))
            throw new InvalidDataException($"The states in '{_folder}' are not all there yet; the same `percheron-train features` as before makes the rest.");
    }

    private FeatureChunk Chunk(bool heldOut, int row)
    {
        string path = _manifest.Chunk(_folder, heldOut, row);
        int first = row - row % _manifest.RowsPerChunk, rows = Math.Min(_manifest.RowsPerChunk, (heldOut ? _manifest.HeldOutRows : _manifest.Rows) - first);
        if (_chunks.TryGetValue(path, out FeatureChunk? open)) return open;
        lock (_ordering)
        {
            if (!_chunks.TryGetValue(path, out open)) _chunks.TryAdd(path, open = new FeatureChunk(path, _manifest, rows));
            return open;
        }
    }

    /// <summary>Which captured row stands at an index counted over all epochs.</summary>
    private int Place(long index)
    {
        lock (_ordering)
        {
            long epoch = index / _rows.Length;
            if (epoch != _epoch)
            {
                _order = SplitMix.Order(_rows.Length, _seed, epoch);
                _epoch = epoch;
            }
            return _rows[_order[index % _rows.Length]];
        }
    }
}
