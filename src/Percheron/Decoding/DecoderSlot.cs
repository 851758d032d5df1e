using Percheron.Models;

namespace Percheron.Decoding;

/// <summary>The workspace of one sequence within a decoder's step: tree, rows and laws. It is also the target as the verifier sees it.</summary>
internal sealed class DecoderSlot(Sampler sampler) : ITarget
{
    private readonly List<Distribution> _laws = [];
    private readonly List<bool> _known = [];
    private readonly List<Distribution> _judgements = [];
    private readonly List<int> _judged = [];

    public Sequence Sequence { get; private set; } = null!;

    public TokenTree Tree { get; } = new();

    public Rows Rows { get; } = new();

    /// <summary>Row of the root, or −1 while the prompt is read.</summary>
    public int Root { get; private set; }

    /// <summary>Committed tokens the cache lacks at the start of the step, the root included.</summary>
    public int CatchUp { get; private set; }

    public bool Reading { get; private set; }

    /// <summary>Rows that the drafter asked for beside the proposal.</summary>
    public int Aside { get; set; }

    public void Begin(Sequence sequence, int chunkRows, int budget, TreePlan? plan, Drafter drafter)
    {
        Sequence = sequence;
        CatchUp = sequence.Count - sequence.Cache!.Length;
        Reading = CatchUp > chunkRows;
        Aside = 0;
        Tree.Reset(sequence.Tokens[^1], sequence.Count - 1, Reading ? 0 : budget, plan, drafter);
    }

    /// <summary>Committed tokens the cache lacks, root last, then the tree; or, while reading, the next chunk of the prompt.</summary>
    public void FillRows(int chunkRows, FeatureSet features)
    {
        int first = Sequence.Cache!.Length, count = Reading ? chunkRows : CatchUp;
        StartedRows? started = Started(features, count);
        Rows.Reset(Sequence.Cache!, features, started);
        ReadOnlySpan<int> tokens = Sequence.Tokens.Slice(first, count);
        for (int i = 0; i < count; i++) Add(tokens[i], started is null ? -1 : i, i - 1, logits: !Reading && i == count - 1);
        Root = Reading ? -1 : count - 1;
        if (Reading) return;
        for (int node = 1; node < Tree.Count; node++) AddNode(node, started is not null);
        while (_laws.Count < Tree.Count)
        {
            _laws.Add(new Distribution());
            _known.Add(false);
        }
        for (int node = 0; node < Tree.Count; node++) _known[node] = false;
        _judged.Clear();
    }

    /// <summary>Rows of this step, those that a draft has begun counted by the share of the target's layers that is left.</summary>
    public double Work(int layers)
    {
        if (Rows.Started is null) return Rows.Count;
        int begun = 0;
        foreach (int layer in Rows.StartLayers) begun += Math.Max(layer, 0);
        return Rows.Count - (begun / (double)layers);
    }

    public Distribution Law(int node)
    {
        if (!_known[node])
        {
            sampler.Law(Rows.Logits(Root + node), Sequence, Tree, node, _laws[node]);
            _known[node] = true;
        }
        return _laws[node];
    }

    public Distribution Judgement(int node)
    {
        if (Sequence.Sampling.Temperature > 0) return Law(node);
        int at = _judged.IndexOf(node);
        if (at >= 0) return _judgements[at];
        if (_judged.Count == _judgements.Count) _judgements.Add(new Distribution());
        _judged.Add(node);
        sampler.Judgement(Rows.Logits(Root + node), Sequence, Tree, node, _judgements[_judged.Count - 1]);
        return _judgements[_judged.Count - 1];
    }

    // What a view has begun is of use if it begun all committed tokens that are still to be read, and if nobody wants a state it did not keep.
    private StartedRows? Started(FeatureSet features, int count) =>
        Tree.Started is { } started && !Reading && Tree.StartedRow(0) == count - 1 && (features.Count == 0 || features.States[0] >= started.Layer) ? started : null;

    private void AddNode(int node, bool started)
    {
        int parent = Root + Tree.Parent(node);
        if (Tree.Extra(node) >= 0) Rows.AddExtra(Tree.Extra(node), parent, logits: true);
        else Add(Tree.Token(node), started ? Tree.StartedRow(node) : -1, parent, logits: true);
    }

    private void Add(int token, int started, int parent, bool logits)
    {
        if (started >= 0) Rows.AddStarted(token, started, parent, logits);
        else Rows.Add(token, parent, logits);
    }

    public ReadOnlySpan<float> Hidden(int node, int state) => Rows.Feature(Root + node, Rows.Features.IndexOf(state));
}
