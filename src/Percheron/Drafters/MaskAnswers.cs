using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>What the target said in look-ahead rows of the last step, as a model: the row at a position answers what was said there about the next one, whatever stands between.</summary>
/// <param name="target">Whose answers these are.</param>
internal sealed class MaskAnswers(IModel target) : IModel
{
    /// <inheritdoc/>
    public int Vocab => target.Vocab;

    /// <inheritdoc/>
    public int HiddenSize => target.HiddenSize;

    /// <inheritdoc/>
    public int LayerCount => 0;

    /// <inheritdoc/>
    public int ContextLength => target.ContextLength;

    /// <summary>0: nothing is computed.</summary>
    public double LevelCost => 0;

    /// <inheritdoc/>
    public KvCache NewCache() => throw new NotSupportedException("answers belong to a cache of the target");

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<Rows> batch)
    {
        foreach (Rows rows in batch)
        {
            var cache = (Cache)rows.Cache;
            rows.PrepareOutputs(Vocab, HiddenSize);
            for (int row = 0; row < rows.Count; row++)
            {
                int position = cache.Position(cache.Append(rows.Parents[row]));
                if (rows.WantsLogits(row)) cache.About(position + 1).CopyTo(rows.LogitBuffer(row));
            }
        }
    }

    /// <summary>The answers of one sequence, beside the target's cache of it.</summary>
    internal sealed class Cache(KvCache target) : KvCache
    {
        private float[] _logits = [];
        private int _vocab, _first, _count;

        /// <inheritdoc/>
        public override int Length => target.Length;

        /// <inheritdoc/>
        public override long Bytes => sizeof(float) * (long)_logits.Length;

        /// <summary>How many positions from this one on there are answers about.</summary>
        public int Known(int position) => position < _first ? 0 : Math.Max(0, _first + _count - position);

        /// <summary>The answer about a position [vocab].</summary>
        public ReadOnlySpan<float> About(int position) => _logits.AsSpan((position - _first) * _vocab, _vocab);

        /// <summary>Forgets all answers; those told next are about <paramref name="position"/> and what follows it.</summary>
        public void Begin(int position) => (_first, _count) = (position, 0);

        /// <summary>Takes the answer about the next position [vocab].</summary>
        public void Tell(ReadOnlySpan<float> logits)
        {
            _vocab = logits.Length;
            int need = (_count + 1) * _vocab;
            if (_logits.Length < need) Array.Resize(ref _logits, Math.Max(need, 2 * _logits.Length));
            logits.CopyTo(_logits.AsSpan(_count++ * _vocab));
        }

        /// <inheritdoc/>
        public override KvCache NewOverlay() => throw new NotSupportedException("answers have no views");

        /// <inheritdoc/>
        protected override void Reserve(int scratchRows) { }

        /// <inheritdoc/>
        protected override void MoveScratch(int from, int to) { }

        /// <inheritdoc/>
        protected override void CopyRows(KvCache other, int length) => throw new NotSupportedException("answers belong to a cache of the target");
    }
}
