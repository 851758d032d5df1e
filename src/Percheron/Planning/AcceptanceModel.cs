using Percheron.Decoding;

namespace Percheron.Planning;

/// <summary>
/// How likely candidates are accepted, learned from how they came out: for drafters that claim a probability, how far their claims can be trusted; for the others a hit
/// rate by depth and rank.
/// </summary>
/// <remarks>
/// Only children of accepted nodes count, because of the others nothing is known; so every rate is "given that the parent was accepted". All rates start from a prior,
/// forget by trials and fade with time. Source: SmartSpec, arXiv 2406.14066 §4.2; positional acceptance: Sequoia, arXiv 2402.12374 §3.1.
/// </remarks>
public sealed class AcceptanceModel
{
    private const int Depths = 12, Ranks = 4;
    private const float PriorWeight = 4;

    // Before anything is known: a first candidate, and each further sibling by as much less.
    private const float First = 0.7f, Sibling = 0.3f;

    // Standard deviations by which a rate may be better than it looks.
    private const float Doubt = 0.6f;

    private sealed class Record
    {
        public Reliability Fixed { get; } = new(0);

        // A draw is accepted as often as the two laws agree, which is more often than its most probable token is drawn.
        public Reliability Drawn { get; } = new(0.3f);

        public Tally[] Places { get; } = new Tally[Depths * Ranks];
    }

    private readonly Dictionary<Drafter, Record> _records = new(ReferenceEqualityComparer.Instance);
    private readonly PerSequence<State> _sequences = new(_ => new State());
    private (Drafter? Author, Record Record) _last = (null, new Record());
    private Tally _all;
    private long _now;

    private sealed class State
    {
        public Tally Rate;
    }

    /// <summary>A step begins: what is known grows older.</summary>
    public void Tick() => _now++;

    /// <summary>Probability that a candidate is accepted once its parent is; parameters as of <see cref="TreePlan.Chance"/>.</summary>
    public float Chance(Drafter author, float claim, bool drawn, int depth, int rank)
    {
        Record record = Of(author);
        return float.IsNaN(claim) ? Place(record, depth, rank) : (drawn ? record.Drawn : record.Fixed).Chance(Math.Clamp(claim, 0, 1), _now);
    }

    /// <summary>Probability that the first candidate at <paramref name="depth"/> is accepted once its parent is, whatever is claimed of it.</summary>
    public float Usual(Drafter author, int depth) => Place(Of(author), depth, 0);

    /// <summary>Probability that a first candidate of <paramref name="sequence"/> is accepted once its parent is, whoever drafts and at any depth. Where little is known, what the other sequences have shown.</summary>
    public float Usual(Sequence sequence) => _sequences[sequence].Rate.Rate(_all.Rate(First, PriorWeight, _now), PriorWeight, _now);

    /// <summary>The same, as high as it may well be: what is hardly known is given the benefit of the doubt. Source: upper confidence bounds, Auer et al. 2002.</summary>
    public float Hoped(Sequence sequence)
    {
        float usual = Usual(sequence), known = _sequences[sequence].Rate.Weight(_now) + Math.Min(_all.Weight(_now), PriorWeight);
        return Math.Min(usual + (Doubt * MathF.Sqrt(usual * (1 - usual) / (1 + known))), 0.99f);
    }

    /// <summary>Trials that count of the first candidates of a drafter.</summary>
    public float Known(Drafter author) => Of(author).Places[0].Weight(_now);

    /// <summary>Learns from one finished step.</summary>
    public void Learn(in Step step)
    {
        if (!step.Acceptance.HasNext) return;
        TokenTree tree = step.Tree;
        ReadOnlySpan<int> path = step.Acceptance.Path;
        for (int i = 0, parent = 0; i <= path.Length; i++)
        {
            int accepted = i < path.Length ? path[i] : -1;
            for (int node = tree.FirstCandidate(parent); node >= 0; node = tree.NextCandidate(node)) Learn(tree, node, node == accepted, step.Sequence);
            parent = accepted;
        }
    }

    /// <summary>Frees what is kept for a sequence.</summary>
    public void Release(Sequence sequence) => _sequences.Release(sequence);

    private void Learn(TokenTree tree, int node, bool hit, Sequence sequence)
    {
        if (tree.AuthorOf(node) is not { } author) return;
        Record record = Of(author);
        int rank = tree.Rank(node);
        record.Places[Index(tree.Depth(node), rank)].Add(hit, _now);
        if (rank == 0)
        {
            _sequences[sequence].Rate.Add(hit, _now);
            _all.Add(hit, _now);
        }
        if (!float.IsNaN(tree.Claim(node))) (tree.Law(node) is null ? record.Fixed : record.Drawn).Learn(Math.Clamp(tree.Claim(node), 0, 1), hit, _now);
    }

    private float Place(Record record, int depth, int rank)
    {
        // A place that was never tried is as good as the one before it.
        float prior = First;
        for (int i = 0; i < rank; i++) prior *= Sibling;
        for (int at = 1; at <= Math.Min(depth, Depths); at++) prior = record.Places[Index(at, rank)].Rate(prior, PriorWeight, _now);
        return prior;
    }

    private static int Index(int depth, int rank) => ((Math.Min(depth, Depths) - 1) * Ranks) + Math.Min(rank, Ranks - 1);

    private Record Of(Drafter author)
    {
        if (ReferenceEquals(_last.Author, author)) return _last.Record;
        if (!_records.TryGetValue(author, out Record? record)) _records.Add(author, record = new Record());
        _last = (author, record);
        return record;
    }
}
