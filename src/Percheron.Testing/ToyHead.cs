using Percheron.Models;
using Percheron.Models.Heads;

namespace Percheron.Testing;

/// <summary>
/// A head without arithmetic on a <see cref="ToyModel"/>: it takes the context from the target's hidden state before a row, as that toy wrote it there, and answers as the toy does, with noise.
/// A state of another row, or of another number, changes the answer.
/// </summary>
public sealed class ToyHead : IHead, IConfident
{
    private readonly ToyModel _answers;
    private readonly int _order, _state;
    private readonly int[] _context;

    /// <param name="like">The target.</param>
    /// <param name="noise">How far the head lies from it.</param>
    /// <param name="noiseSeed">Which noise.</param>
    public ToyHead(ToyModel like, float noise, ulong noiseSeed)
    {
        (_answers, _order, _state, StateSize) = (new ToyModel(like, noise, noiseSeed), like.HiddenSize - 1, like.LayerCount + 1, like.HiddenSize);
        Reads = new FeatureSet(1, _state);
        _context = new int[_order];
    }

    /// <inheritdoc/>
    public FeatureSet Reads { get; }

    /// <inheritdoc/>
    public int StateSize { get; }

    /// <inheritdoc/>
    public int MaxDepth { get; init; } = int.MaxValue;

    /// <inheritdoc/>
    public int Vocab => _answers.Vocab;

    /// <inheritdoc/>
    public int HiddenSize => StateSize;

    /// <inheritdoc/>
    public int LayerCount => 1;

    /// <inheritdoc/>
    public int ContextLength { get; init; } = 1 << 20;

    /// <inheritdoc/>
    public KvCache NewCache() => NewHeadCache();

    /// <inheritdoc/>
    public HeadCache NewHeadCache() => new Cache(2 * StateSize, _order);

    /// <summary>A number that is another one for each input of a row.</summary>
    public float Confidence(KvCache cache, int row) => 1 - (((Cache)cache).Read(row)[0] % 4 * 0.1f);

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<Rows> batch)
    {
        foreach (Rows rows in batch)
        {
            if (rows.Cache is not Cache cache) throw new ArgumentException("the cache is not one of this head");
            rows.PrepareOutputs(Vocab, HiddenSize);
            for (int row = 0; row < rows.Count; row++)
            {
                int scratch = cache.Append(rows.Parents[row]), count = Read(cache, scratch, rows.Tokens[row]);
                cache.Write(scratch, _context.AsSpan(0, count));
                if (rows.WantsLogits(row)) _answers.Logits(_context.AsSpan(0, count), rows.LogitBuffer(row));
                for (int k = 0; k < rows.Features.Count; k++) rows.FeatureBuffer(row, k).Clear();
            }
        }
    }

    // The row's token, then what stands before it, newest first: told by the target, or known of the parent.
    private int Read(Cache cache, int scratch, int token)
    {
        ReadOnlySpan<float> told = cache.State(cache.Position(scratch) - 1);
        int parent = cache.Parent(scratch), count = 1;
        _context[0] = token;
        if (!told.IsEmpty)
        {
            told = told[StateSize..];
            if (told[^1] != _state) throw new InvalidOperationException($"state {told[^1]} was told where state {_state} belongs");
            for (int i = 0; count < _order && told[i] != 0; i++) _context[count++] = (int)told[i] - 1;
        }
        else if (parent >= 0)
        {
            foreach (int before in cache.Read(parent))
                if (count < _order) _context[count++] = before;
        }
        return count;
    }

    private sealed class Cache(int stateFloats, int order) : HeadCache(stateFloats)
    {
        private int[] _contexts = new int[16 * order], _counts = new int[16];

        public override long Bytes => ToldBytes + (4L * _contexts.Length);

        public void Write(int scratch, ReadOnlySpan<int> context)
        {
            context.CopyTo(_contexts.AsSpan(scratch * order));
            _counts[scratch] = context.Length;
        }

        public ReadOnlySpan<int> Read(int scratch) => _contexts.AsSpan(scratch * order, _counts[scratch]);

        protected override void Reserve(int scratchRows)
        {
            if (_counts.Length >= scratchRows) return;
            Array.Resize(ref _counts, 2 * scratchRows);
            Array.Resize(ref _contexts, 2 * scratchRows * order);
        }

        protected override void MoveScratch(int from, int to) { }
    }
}
