using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>Grows trees with a model, level by level: one forward for each level of the whole batch.</summary>
/// <remarks>
/// Whether a node is added or expanded depends on laws and on the order of siblings, both known before its token is drawn (methods.md P3); only the fixed candidates
/// of <see cref="TreeShape.TopK"/> are chosen after they are known, which needs no law.
/// </remarks>
internal sealed class LevelGrower
{
    private const int ChunkRows = 256;

    // A child scores below its parent even if it is certain, so that no node is taken without its parent.
    private const float DepthCost = 1e-3f;

    // At temperature 0 the target takes its best token, which is the draft's best more often than the draft's law says: squaring the law ranks paths better.
    private const float Coldest = 0.5f;

    private readonly IModel _model;
    private readonly int _depth, _width;
    private readonly TreeShape _shape;
    private readonly float _confidence;
    private readonly Sampler _sampler = new();
    private readonly Distribution _law = new();
    private readonly int[] _tokens;
    private readonly float[] _probabilities;
    private Growth[] _growing = [];
    private Rows[] _rows = [];
    private int _count;

    public LevelGrower(IModel model, int depth, int width, TreeShape shape, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(depth, 256);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, 64);
        if (!(confidence is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(confidence), "confidence is a probability: 0 (never stop early) to 1");
        if (shape == TreeShape.Chain && width > 1) throw new ArgumentException("a chain is one candidate wide: leave width at 1, or choose another tree", nameof(width));
        (_model, _depth, _width, _shape, _confidence) = (model, depth, width, shape, (float)confidence);
        (_tokens, _probabilities) = (new int[width], new float[width]);
    }

    /// <summary>Begins a step without any sequence.</summary>
    public void Begin() => _count = 0;

    /// <summary>Lets a sequence take part in this step, unless it is too long for the model.</summary>
    /// <exception cref="ArgumentException">Draft and target do not share a vocabulary.</exception>
    public void Join(DraftSlot slot, Growth growth)
    {
        int vocab = slot.Sequence.Vocab;
        if (vocab != 0 && vocab != _model.Vocab)
            throw new ArgumentException($"the draft model knows {_model.Vocab} tokens and the target {vocab}: a draft must have the target's vocabulary");
        bool rerank = _width > 1 && Fixed(slot.Sequence);
        growth.Begin(slot, _model.ContextLength, rerank ? _width + (_width * _width * (_depth - 1)) : 0);
        if (growth.Capacity < 0 || slot.Tree.Room <= 0) return;
        if (_count == _growing.Length)
        {
            Array.Resize(ref _growing, Math.Max(4, 2 * _count));
            Array.Resize(ref _rows, _growing.Length);
        }
        _growing[_count++] = growth;
    }

    /// <summary>Grows the trees of all that have joined.</summary>
    public void Grow()
    {
        if (_count == 0) return;
        ReadPrompts();
        for (int level = 0; level < _depth; level++)
        {
            int rows = 0;
            for (int i = 0; i < _count; i++)
            {
                if (level == 0) _growing[i].FillRoot();
                else if (_growing[i].Frontier.Length > 0) _growing[i].FillFrontier();
                else continue;
                _rows[rows++] = _growing[i].Rows;
            }
            if (rows == 0) break;
            _model.Forward(_rows.AsSpan(0, rows));
            for (int i = 0; i < _count; i++)
                if (_growing[i].Frontier.Length > 0) Expand(_growing[i], level);
        }
        for (int i = 0; i < _count; i++) _growing[i].Publish();
        // Sequences that end should not be kept alive by the largest batch they were in.
        Array.Clear(_growing);
        Array.Clear(_rows);
    }

    // Committed tokens that are far behind are read in chunks, so that a long prompt needs no more scratch than a step does.
    private void ReadPrompts()
    {
        while (true)
        {
            int rows = 0;
            for (int i = 0; i < _count; i++)
            {
                if (_growing[i].CatchUp <= ChunkRows) continue;
                _growing[i].FillChunk(ChunkRows);
                _rows[rows++] = _growing[i].Rows;
            }
            if (rows == 0) return;
            _model.Forward(_rows.AsSpan(0, rows));
            for (int i = 0; i < _count; i++)
                if (_growing[i].CatchUp > ChunkRows) _growing[i].CommitChunk();
        }
    }

    private bool Fixed(Sequence sequence) => _shape == TreeShape.TopK || sequence.Sampling.Temperature == 0;

    private void Expand(Growth growth, int level)
    {
        growth.BeginLevel();
        bool isFixed = Fixed(growth.Sequence);
        // Levels share what room is left, so that a wide level does not cost the tree its depth.
        int left = _depth - level, room = growth.Tree.Room;
        int quota = growth.OwnsTree ? room : Math.Min(room, (room + left - 1) / left);
        ReadOnlySpan<int> frontier = growth.Frontier;
        for (int i = 0; i < frontier.Length && quota > 0; i++)
        {
            // Independent chains part at the root and nowhere else.
            int wanted = Math.Min(!isFixed && level > 0 && _shape == TreeShape.Independent ? 1 : _width, quota);
            quota -= isFixed ? AddBest(growth, frontier[i], growth.Logits(i), wanted) : AddDrawn(growth, frontier[i], growth.Logits(i), wanted);
        }
        growth.NextFrontier(level + 1 < _depth && growth.Tree.Room > 0 ? _width : 0, _confidence);
    }

    private int AddBest(Growth growth, int node, ReadOnlySpan<float> logits, int wanted)
    {
        Sequence sequence = growth.Sequence;
        int count = 1;
        if (_width == 1 && _confidence == 0 && sequence.Sampling.Temperature == 0)
        {
            // A chain needs neither probabilities nor a second best.
            _sampler.Law(logits, sequence, growth.Tree, node, _law);
            (_tokens[0], _probabilities[0]) = (_law.Tokens[0], 1);
        }
        else
        {
            count = _sampler.Top(logits, sequence, growth.Tree, node, _tokens.AsSpan(0, wanted), _probabilities.AsSpan(0, wanted), Coldest);
        }
        int added = 0;
        for (; added < count; added++)
        {
            // A fixed candidate may be judged by its own probability: it needs no law (methods.md P).
            float confidence = growth.Confidence(node) * _probabilities[added];
            if (confidence < _confidence) break;
            growth.Add(node, _tokens[added], null, growth.Score(node) + MathF.Log(Math.Max(_probabilities[added], float.Epsilon)) - DepthCost, confidence);
        }
        return added;
    }

    private int AddDrawn(Growth growth, int node, ReadOnlySpan<float> logits, int wanted)
    {
        Distribution law = growth.Tree.RentLaw();
        _sampler.Law(logits, growth.Sequence, growth.Tree, node, law);
        if (wanted > 1 && _shape == TreeShape.BestAndOne) return AddBestAndOne(growth, node, law, wanted);
        if (wanted > 1 && _shape == TreeShape.Independent) return AddIndependent(growth, node, law, wanted);
        int position = growth.Tree.Position(node) + 1, count = 1;
        if (wanted == 1) _tokens[0] = growth.Sequence.Random.Draw(position, law);
        else count = growth.Sequence.Random.Draw(position, law, _tokens.AsSpan(0, wanted));
        // Known before the token is drawn, so it may decide whether the tree goes on behind it (methods.md P3), but not whether the token itself is proposed.
        float confidence = growth.Confidence(node) * System.Numerics.Tensors.TensorPrimitives.Max(law.Probabilities);
        // A draw is accepted as often as the laws agree, however improbable its token is: what counts is how many siblings come before it.
        for (int i = 0; i < count; i++) growth.Add(node, _tokens[i], law, growth.Score(node) - i, confidence);
        return count;
    }

    private static int AddIndependent(Growth growth, int node, Distribution law, int wanted)
    {
        float confidence = growth.Confidence(node) * System.Numerics.Tensors.TensorPrimitives.Max(law.Probabilities);
        for (int i = 0; i < wanted; i++)
        {
            // Equal laws in objects of their own say that the draws are independent; a shared one would say without replacement.
            Distribution own = i == 0 ? law : growth.Tree.RentLaw();
            if (i > 0) own.CopyFrom(law);
            growth.Add(node, growth.Sequence.Random.Draw(growth.Tree.Position(node) + 1, own), own, growth.Score(node) - i, confidence);
        }
        return wanted;
    }

    private static int AddBestAndOne(Growth growth, int node, Distribution law, int wanted)
    {
        int best = Math.Min(wanted, law.Count) - 1, last = -1;
        float least = float.PositiveInfinity;
        // The order is by probability, equal ones by place: whatever does not come before the last one taken is still there.
        bool IsLeft(int i) => law.Probabilities[i] < least || (law.Probabilities[i] == least && i > last);
        for (int i = 0; i < best; i++)
        {
            int next = -1;
            for (int at = 0; at < law.Count; at++)
                if (IsLeft(at) && (next < 0 || law.Probabilities[at] > law.Probabilities[next])) next = at;
            (last, least) = (next, law.Probabilities[next]);
            growth.Add(node, law.Tokens[next], null, growth.Score(node) - i, growth.Confidence(node) * least);
        }
        Distribution rest = growth.Tree.RentLaw();
        rest.Fill(law.Count - best, out Span<int> tokens, out Span<float> probabilities);
        for (int at = 0, count = 0; at < law.Count; at++)
            if (IsLeft(at)) (tokens[count], probabilities[count++]) = (law.Tokens[at], law.Probabilities[at]);
        float sum = System.Numerics.Tensors.TensorPrimitives.Sum<float>(probabilities), confidence = growth.Confidence(node) * System.Numerics.Tensors.TensorPrimitives.Max<float>(probabilities);
        if (!(sum > 0)) return best;
        System.Numerics.Tensors.TensorPrimitives.Divide(probabilities, sum, probabilities);
        growth.Add(node, growth.Sequence.Random.Draw(growth.Tree.Position(node) + 1, rest), rest, growth.Score(node) - best, confidence);
        return best + 1;
    }
}
