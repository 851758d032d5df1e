using Percheron.Decoding;
using Percheron.Drafters.Trees;
using Percheron.Models;
using Percheron.Models.Heads;

namespace Percheron.Drafters;

/// <summary>Grows trees with a model, level by level: one forward for each level of the whole batch.</summary>
/// <remarks>
/// Whether a drawn node is added or expanded depends on what is known before its token is drawn (methods.md P3); only fixed candidates are chosen after they are known, which
/// needs no law.
/// </remarks>
internal sealed class LevelGrower
{
    private const int ChunkRows = 256;

    // The deepest a plan or a policy may go.
    private const int PlannedDepth = 32;

    // What confidence is where neither the caller nor a plan says anything.
    private const float FreeConfidence = 0.6f;

    private readonly int _depth;
    private readonly TreeShape _shape;
    private readonly DraftLength? _length;
    private readonly float _confidence;
    private readonly Level _level;
    private Growth[] _growing = [];
    private Rows[] _rows = [];
    private int _count;

    /// <param name="model">Drafts.</param>
    /// <param name="depth">Levels; −1 is <see cref="FreeDepth"/> levels, or as many as the plan or the policy finds worth their time.</param>
    /// <param name="width">Children of a node.</param>
    /// <param name="shape">Where candidates stand and how they are chosen; null draws them.</param>
    /// <param name="confidence">Where paths stop; −1 is <see cref="FreeConfidence"/>, or what the plan or the policy finds.</param>
    /// <param name="length">When to stop.</param>
    public LevelGrower(IModel model, int depth, int width, TreeShape? shape, double confidence, DraftLength? length = null)
    {
        if (depth != -1) ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(depth, 256);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, 64);
        if (!(confidence is -1 or (>= 0 and <= 1))) throw new ArgumentOutOfRangeException(nameof(confidence), "confidence is a probability, 0 (never stop early) to 1, or -1 for what the budget says");
        _shape = shape ?? new SampledTree();
        _shape.Check(width);
        (Model, _depth, _length, _confidence) = (model, depth, length, (float)confidence);
        _level = new Level(width, length, model as IConfident);
    }

    /// <summary>What depth is where neither the caller nor a plan says anything.</summary>
    public int FreeDepth { get; init; } = 7;

    /// <summary>Guesses what will be needed next; null evaluates every level when it is reached.</summary>
    public Foresight? Foresight { get; init; }

    /// <summary>The deepest the model can go.</summary>
    public int MostDepth { get; init; } = int.MaxValue;

    /// <summary>The model it grows with.</summary>
    public IModel Model { get; }

    /// <summary>Begins a step without any sequence.</summary>
    public void Begin() => _count = 0;

    /// <summary>Lets a sequence take part in this step, unless it is too long for the model.</summary>
    /// <param name="slot">The sequence and its tree.</param>
    /// <param name="growth">What is kept for it.</param>
    /// <param name="most">Levels at most.</param>
    /// <exception cref="ArgumentException">Draft and target do not share a vocabulary.</exception>
    public void Join(DraftSlot slot, Growth growth, int most = int.MaxValue)
    {
        int vocab = slot.Sequence.Vocab;
        if (vocab != 0 && vocab != Model.Vocab)
            throw new ArgumentException($"the draft model knows {Model.Vocab} tokens and the target {vocab}: a draft must have the target's vocabulary");
        int levels = Math.Min(Levels(slot), most);
        growth.Begin(slot, Model.ContextLength, levels, _shape.Apart(_level.Width, levels, slot.Sequence.Sampling.Temperature == 0), Model.LevelCost == 0);
        if (growth.Capacity < 0 || levels < 1 || slot.Tree.Room <= 0 || !Pays(slot, growth)) return;
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
        for (int number = 0, levels = Deepest(); number < levels; number++)
        {
            bool any = false;
            foreach (Growth growth in _growing.AsSpan(0, _count))
            {
                if (number == 0) growth.FillRoot();
                else if (growth.Frontier.Length > 0) growth.FillFrontier();
                any |= growth.Frontier.Length > 0;
            }
            if (!any) break;
            Foresight?.Ask(_growing.AsSpan(0, _count), number);
            Evaluate();
            for (int i = 0; i < _count; i++)
                if (_growing[i].Frontier.Length > 0) Expand(_growing[i], number);
        }
        Foresight?.End(_growing.AsSpan(0, _count));
        for (int i = 0; i < _count; i++) _growing[i].Publish();
        // Sequences that end should not be kept alive by the largest batch they were in.
        Array.Clear(_growing);
        Array.Clear(_rows);
    }

    /// <summary>Tells the growth, the shape and the policy how a proposal came out.</summary>
    public void Observe(in Step step, Growth growth)
    {
        int drafted = growth.Observe(step);
        // A step that shows no answers is a forecast: nothing has been accepted yet.
        if (drafted == 0 || !step.HasLogits || !step.Acceptance.HasNext || step.Tree.Candidates == 0) return;
        _shape.Observe(step);
        _length?.Observe(step, drafted);
    }

    /// <summary>Frees what is kept for a sequence besides its growth.</summary>
    public void Release(Sequence sequence) => _length?.Release(sequence);

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

    private void Evaluate()
    {
        int rows = 0;
        foreach (Growth growth in _growing.AsSpan(0, _count))
            if (growth.Frontier.Length > 0 && growth.Rows.Count > 0) _rows[rows++] = growth.Rows;
        if (rows > 0) Model.Forward(_rows.AsSpan(0, rows));
    }

    private int Levels(DraftSlot slot)
    {
        int most = Math.Min(MostDepth, _shape.Levels(_depth > 0 ? _depth : slot.Tree.Plan is null && _length is null ? FreeDepth : PlannedDepth));
        return _length?.Levels(slot.Sequence, most) ?? most;
    }

    private float Confidence(TokenTree tree) => _confidence >= 0 ? _confidence : tree.Plan is null && _length is null && !_shape.EndsPaths ? FreeConfidence : 0;

    private int Deepest()
    {
        int deepest = 0;
        for (int i = 0; i < _count; i++) deepest = Math.Max(deepest, _growing[i].Levels);
        return deepest;
    }

    private static bool Pays(DraftSlot slot, Growth growth)
    {
        TokenTree tree = slot.Tree;
        return tree.WorthLevel(1, 0, tree.Count - 1) && (tree.Plan?.WorthReading(tree.Author!, slot.Sequence, growth.CatchUp - 1) ?? true);
    }

    private void Expand(Growth growth, int number)
    {
        _level.Begin(growth, number, Confidence(growth.Tree));
        _shape.Expand(_level);
        if (number + 1 < growth.Levels && growth.Tree.Room > 0) _shape.Choose(_level);
        else growth.NextFrontier(0, 0);
    }
}
