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

    // The deepest a plan may go.
    private const int PlannedDepth = 32;

    // What confidence is where neither the caller nor a plan says anything.
    private const float FreeConfidence = 0.6f;

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

    /// <param name="model">Drafts.</param>
    /// <param name="depth">Levels; −1 is <see cref="FreeDepth"/> levels, or as many as the plan finds worth their time.</param>
    /// <param name="width">Children of a node.</param>
    /// <param name="shape">How candidates are chosen.</param>
    /// <param name="confidence">Where paths stop; −1 is <see cref="FreeConfidence"/>, or what the plan finds.</param>
    public LevelGrower(IModel model, int depth, int width, TreeShape shape, double confidence)
    {
        if (depth != -1) ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(depth, 256);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, 64);
        if (!(confidence is -1 or (>= 0 and <= 1))) throw new ArgumentOutOfRangeException(nameof(confidence), "confidence is a probability, 0 (never stop early) to 1, or -1 for what the budget says");
        if (shape == TreeShape.Chain && width > 1) throw new ArgumentException("a chain is one candidate wide: leave width at 1, or choose another tree", nameof(width));
        (Model, _depth, _width, _shape, _confidence) = (model, depth, width, shape, (float)confidence);
        (_tokens, _probabilities) = (new int[width], new float[width]);
    }

    /// <summary>What depth is where neither the caller nor a plan says anything.</summary>
    public int FreeDepth { get; init; } = 7;

    /// <summary>The model it grows with.</summary>
    public IModel Model { get; }

    /// <summary>Begins a step without any sequence.</summary>
    public void Begin() => _count = 0;

    /// <summary>Lets a sequence take part in this step, unless it is too long for the model.</summary>
    /// <exception cref="ArgumentException">Draft and target do not share a vocabulary.</exception>
    public void Join(DraftSlot slot, Growth growth)
    {
        int vocab = slot.Sequence.Vocab;
        if (vocab != 0 && vocab != Model.Vocab)
            throw new ArgumentException($"the draft model knows {Model.Vocab} tokens and the target {vocab}: a draft must have the target's vocabulary");
        bool rerank = _width > 1 && Fixed(slot.Sequence);
        growth.Begin(slot, Model.ContextLength, rerank ? _width + (_width * _width * (Depth(slot.Tree) - 1)) : 0);
        if (growth.Capacity < 0 || slot.Tree.Room <= 0 || !Pays(slot, growth)) return;
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
        for (int level = 0, levels = Deepest(); level < levels; level++)
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
            Model.Forward(_rows.AsSpan(0, rows));
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
            Model.Forward(_rows.AsSpan(0, rows));
            for (int i = 0; i < _count; i++)
                if (_growing[i].CatchUp > ChunkRows) _growing[i].CommitChunk();
        }
    }

    private int Depth(TokenTree tree) => _depth > 0 ? _depth : tree.Plan is null ? FreeDepth : PlannedDepth;

    private float Confidence(TokenTree tree) => _confidence >= 0 ? _confidence : tree.Plan is null ? FreeConfidence : 0;

    private int Deepest()
    {
        int deepest = 0;
        for (int i = 0; i < _count; i++) deepest = Math.Max(deepest, Depth(_growing[i].Tree));
        return deepest;
    }

    private static bool Pays(DraftSlot slot, Growth growth)
    {
        TokenTree tree = slot.Tree;
        return tree.WorthLevel(1, 0, tree.Count - 1) && (tree.Plan?.WorthReading(tree.Author!, slot.Sequence, growth.CatchUp - 1) ?? true);
    }

    private bool Fixed(Sequence sequence) => _shape == TreeShape.TopK || sequence.Sampling.Temperature == 0;

    private void Expand(Growth growth, int level)
    {
        growth.BeginLevel();
        bool isFixed = Fixed(growth.Sequence);
        // Levels share what room is left, so that a wide level does not cost the tree its depth.
        int depth = Depth(growth.Tree), left = depth - level, room = growth.Tree.Room;
        int quota = growth.OwnsTree ? room : Math.Min(room, (room + left - 1) / left);
        ReadOnlySpan<int> frontier = growth.Frontier;
        for (int i = 0; i < frontier.Length && quota > 0; i++)
        {
            // Independent chains part at the root and nowhere else.
            int wanted = Math.Min(!isFixed && level > 0 && _shape == TreeShape.Independent ? 1 : _width, quota);
            quota -= isFixed ? AddBest(growth, frontier[i], growth.Logits(i), wanted) : AddDrawn(growth, frontier[i], growth.Logits(i), wanted);
        }
        growth.NextFrontier(level + 1 < depth && growth.Tree.Room > 0 ? _width : 0, Confidence(growth.Tree));
    }

    private int AddBest(Growth growth, int node, ReadOnlySpan<float> logits, int wanted)
    {
        Sequence sequence = growth.Sequence;
        TokenTree tree = growth.Tree;
        float least = Confidence(tree);
        int count = 1;
        if (_width == 1 && least == 0 && tree.Plan is null && sequence.Sampling.Temperature == 0)
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
            float claim = _probabilities[added], confidence = growth.Confidence(node) * claim;
            if (confidence < least || (!growth.OwnsTree && !tree.WorthRow(tree.ChanceOf(node, claim), tree.Count - 1))) break;
            growth.Add(node, _tokens[added], null, growth.Score(node) + MathF.Log(Math.Max(claim, float.Epsilon)) - DepthCost, confidence, claim);
        }
        return added;
    }

    private int AddDrawn(Growth growth, int node, ReadOnlySpan<float> logits, int wanted)
    {
        TokenTree tree = growth.Tree;
        Distribution law = tree.RentLaw();
        _sampler.Law(logits, growth.Sequence, tree, node, law);
        // Known before the token is drawn, so it may decide whether anything is drawn, and whether the tree goes on behind it (methods.md P3).
        float claim = System.Numerics.Tensors.TensorPrimitives.Max(law.Probabilities), confidence = growth.Confidence(node) * claim;
        if (!tree.WorthRow(tree.ChanceOf(node, claim, drawn: true), tree.Count - 1)) return 0;
        if (wanted > 1 && _shape == TreeShape.BestAndOne) return AddBestAndOne(growth, node, law, wanted);
        if (wanted > 1 && _shape == TreeShape.Independent) return AddIndependent(growth, node, law, wanted);
        int position = tree.Position(node) + 1, count = 1;
        if (wanted == 1) _tokens[0] = growth.Sequence.Random.Draw(position, law);
        else count = growth.Sequence.Random.Draw(position, law, _tokens.AsSpan(0, wanted));
        // A draw is accepted as often as the laws agree, however improbable its token is: what counts is how many siblings come before it.
        for (int i = 0; i < count; i++) growth.Add(node, _tokens[i], law, growth.Score(node) - i, confidence, i == 0 ? claim : float.NaN);
        return count;
    }

    private static int AddIndependent(Growth growth, int node, Distribution law, int wanted)
    {
        float claim = System.Numerics.Tensors.TensorPrimitives.Max(law.Probabilities), confidence = growth.Confidence(node) * claim;
        for (int i = 0; i < wanted; i++)
        {
            // Equal laws in objects of their own say that the draws are independent; a shared one would say without replacement.
            Distribution own = i == 0 ? law : growth.Tree.RentLaw();
            if (i > 0) own.CopyFrom(law);
            growth.Add(node, growth.Sequence.Random.Draw(growth.Tree.Position(node) + 1, own), own, growth.Score(node) - i, confidence, i == 0 ? claim : float.NaN);
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
            growth.Add(node, law.Tokens[next], null, growth.Score(node) - i, growth.Confidence(node) * least, least);
        }
        Distribution rest = growth.Tree.RentLaw();
        rest.Fill(law.Count - best, out Span<int> tokens, out Span<float> probabilities);
        for (int at = 0, count = 0; at < law.Count; at++)
            if (IsLeft(at)) (tokens[count], probabilities[count++]) = (law.Tokens[at], law.Probabilities[at]);
        float sum = System.Numerics.Tensors.TensorPrimitives.Sum<float>(probabilities), confidence = growth.Confidence(node) * System.Numerics.Tensors.TensorPrimitives.Max<float>(probabilities);
        if (!(sum > 0)) return best;
        System.Numerics.Tensors.TensorPrimitives.Divide(probabilities, sum, probabilities);
        growth.Add(node, growth.Sequence.Random.Draw(growth.Tree.Position(node) + 1, rest), rest, growth.Score(node) - best, confidence, float.NaN);
        return best + 1;
    }
}
