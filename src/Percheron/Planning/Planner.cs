using Percheron.Decoding;

namespace Percheron.Planning;

/// <summary>
/// Chooses, step by step, who drafts, how deep, in which shape and how many nodes, so that as many tokens as possible are expected each millisecond; none where plain
/// decoding is faster. Drafts that are not accepted may cost about 1.5 % of the time, and reading a prompt for drafts of which nothing is known 1 %; beyond that it decodes
/// plainly.
/// </summary>
/// <remarks>
/// The best rate λ makes everything a price: a node is worth its row if its probability of being accepted is above λ · (T(n + 1) − T(n)), one more forward of a draft
/// if it is expected to win more than λ times its time (Dinkelbach's method for the ratio of tokens to time, λ being what the last steps reached). Source: Sequoia,
/// arXiv 2402.12374 §3.3; SmartSpec / TurboSpec, arXiv 2406.14066 §4; methods.md §2.9.
/// </remarks>
public sealed class Planner : BudgetPolicy
{
    /// <summary>Nodes of one tree at most.</summary>
    public const int MostNodes = 64;

    // One step may risk this share of what may be lost, and overdraw by as much of a plain step.
    private const double AtOnce = 0.6, Overdraft = 0.1;

    // A time that is so many times what was expected is not believed: code was compiled, or the machine did something else. It does not come again.
    private const double Credible = 4;

    // Steps after which a plain one is due, so that what it takes stays known: at first, and for each time that plain decoding is slower.
    private const double PlainEvery = 32, PlainEveryFaster = 100;

    // Tokens still to come where the limit says nothing.
    private const int Outlook = 256;

    // Committed tokens a draft reads in any case: what a step or two have added.
    private const int FreeRows = 8;

    // A step has at most so many times the rows of the largest one that was timed.
    private const int Further = 2;

    // Nodes of one sequence of a batch at most, before room is added.
    private const int DeepestShare = 16;

    // Steps after which a batch without nodes tries some, first and at most.
    private const int FirstRetry = 8, LongestRetry = 128;

    // Rows at which it is looked up what reading takes.
    private const int Chunk = 64;

    private readonly Dictionary<Drafter, DrafterRecord> _records = new(ReferenceEqualityComparer.Instance);
    private readonly CostModel _cost;
    private readonly AcceptanceModel _acceptance = new();
    private readonly SavingsLedger _ledger = new();
    private readonly NodeShare _share = new();
    private readonly PerSequence<Allowance> _allowed = new(_ => new Allowance());
    private readonly PlannedTree _plan;
    private readonly int _most;
    private readonly Func<int, double> _stepCost;
    private float[] _rates = [];
    private (Drafter? Author, DrafterRecord Record) _last = (null, new DrafterRecord());
    private double _tokens = 2, _plainSteps = 2, _plainMs, _context, _sincePlain, _aheadMs;
    private int _rows, _asked, _sequences = 1, _unshared, _retry = FirstRetry;
    private PlanPause _pause;

    private sealed class Allowance
    {
        public int Nodes;
    }

    /// <param name="cost">What the target's forwards take, as far as it is known; it is copied. Null learns it from the first steps.</param>
    /// <param name="nodes">Nodes of one tree at most.</param>
    public Planner(CostModel? cost = null, int nodes = MostNodes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nodes);
        _most = Math.Min(nodes, MostNodes);
        _cost = cost?.Copy() ?? new CostModel();
        _plan = new PlannedTree(this, _acceptance);
        _stepCost = nodes => _cost.Milliseconds(_rows + nodes, _context, _sequences);
    }

    /// <inheritdoc/>
    public override TreePlan Plan => _plan;

    /// <summary>What the target's forwards take.</summary>
    public CostModel Cost => _cost;

    /// <summary>How likely candidates are accepted.</summary>
    public AcceptanceModel Acceptance => _acceptance;

    /// <summary>Tokens for each plain step's time, over the last steps: how many times faster than plain decoding.</summary>
    public double Speedup => Math.Max(1, _tokens / _plainSteps);

    /// <summary>Why less was drafted than a drafter could, in steps.</summary>
    public PlanPauses Pauses { get; } = new();

    /// <summary>Tells what forwards of a drafter's model take, before they are measured at work.</summary>
    public void Know(Drafter author, CostModel cost) => Of(author).Know(cost, Chunk);

    /// <inheritdoc/>
    public override void Begin(ReadOnlySpan<Sequence> batch)
    {
        _acceptance.Tick();
        (_rows, _context, _asked, _pause, double ahead) = (0, 0, 0, PlanPause.None, 0);
        foreach (Sequence sequence in batch)
        {
            _rows += CatchUp(sequence);
            _context += (double)sequence.Count / batch.Length;
            ahead += (double)Ahead(sequence) / batch.Length;
        }
        _sequences = batch.Length;
        foreach (DrafterRecord record in _records.Values) record.Begin(_sequences, _context);
        _plainMs = _cost.Milliseconds(_rows, _context, _sequences);
        _aheadMs = ahead * _cost.Milliseconds(_sequences, _context, _sequences);
        Allow(batch);
    }

    /// <inheritdoc/>
    public override int Nodes(Sequence sequence)
    {
        int nodes = _allowed[sequence].Nodes;
        _asked += nodes;
        return nodes;
    }

    /// <inheritdoc/>
    public override void Observe(in Step step)
    {
        TokenTree tree = step.Tree;
        _acceptance.Learn(step);
        if (tree.Author is not { } author || (tree.Count == 1 && tree.Forwards == 0)) return;
        DrafterRecord record = Of(author);
        record.Trees++;
        record.Nodes += tree.Count - 1;
        record.Expected += tree.Expected;
        record.Accepted += step.Acceptance.Path.Length;
        record.RowsRead += tree.RowsRead;
        record.Forwards = Math.Max(record.Forwards, tree.Forwards);
    }

    /// <inheritdoc/>
    public override void Observe(in StepTimes times)
    {
        double reading = Drafting(times), targetMs = Math.Min(times.TargetMs, Credible * _cost.Milliseconds(times.Work, _context, _sequences)), ms = targetMs + Believed(times);
        if (!times.Prefill) _cost.Observe(times.Work, _context, times.TargetMs, _sequences);
        bool plain = _asked == 0;
        _sincePlain = times.Nodes == 0 ? 0 : _sincePlain + 1;
        Pauses.Count(_pause);
        // What reading took was granted on its own account; the time of a prompt is nobody's.
        // Where nothing was proposed, the target's part is plain decoding's.
        double worth = times.Nodes == 0 ? targetMs : _plainMs * times.Committed / times.Sequences;
        _ledger.Add(ms - reading, plain || times.Prefill ? double.NaN : worth);
        if (times.Prefill || !(_plainMs > 0) || ms <= reading) return;
        const double keep = 1 - (1 / 32.0);
        (_tokens, _plainSteps) = ((_tokens * keep) + ((double)times.Committed / times.Sequences), (_plainSteps * keep) + ((ms - reading) / _plainMs));
        foreach (DrafterRecord record in _records.Values)
        {
            if (record.Trees == 0) continue;
            if (record.Nodes == times.Nodes) record.Ran(times.Work, _rows);
            float spent = Spent(record, times);
            record.Won((record.Expected - spent) / record.Trees, (record.Accepted - spent) / record.Trees);
        }
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence)
    {
        _acceptance.Release(sequence);
        _allowed.Release(sequence);
    }

    internal DrafterRecord Of(Drafter author)
    {
        if (ReferenceEquals(_last.Author, author)) return _last.Record;
        if (!_records.TryGetValue(author, out DrafterRecord? record)) _records.Add(author, record = new DrafterRecord(author.Model?.LevelCost ?? 1));
        _last = (author, record);
        return record;
    }

    internal bool Asks(Drafter author, DrafterRecord record)
    {
        bool dear = IsDear(author, record);
        if ((record.Gain >= 0 && !dear) || record.Trying) return true;
        if (record.Wait > 0 || dear)
        {
            _pause = PlanPause.Drafter;
            return false;
        }
        return record.Trying = true;
    }

    /// <summary>Tokens that the first forward of a drafter's model costs.</summary>
    internal float Price(DrafterRecord record) => _plainMs > 0 ? (float)(Speedup * ForwardMs(record) / _plainMs) : 0;

    // One that has shown what it wins may read if it will win that back in the tokens to come; of the others only so much time is risked.
    internal bool Reads(Drafter author, Sequence sequence, int rows)
    {
        DrafterRecord record = Of(author);
        if (rows <= FreeRows) return true;
        double cost = rows * (double.IsNaN(record.ReadMs) ? ForwardMs(record) / 8 : record.ReadMs);
        bool proved = _acceptance.Known(author) >= 16 && Speedup > 1;
        record.Barred = !(proved ? cost <= 0.5 * Ahead(sequence) * _cost.Milliseconds(_sequences, _context, _sequences) / _sequences * (1 - (1 / Speedup)) : _ledger.Grant(cost, _aheadMs));
        if (record.Barred) _pause = PlanPause.Reading;
        return !record.Barred;
    }

    // Whether the first forward costs more than all levels can win together. What a further level wins is what is usual of it, less its own cost.
    private bool IsDear(Drafter author, DrafterRecord record)
    {
        double price = Price(record), wins = 1, chance = 1, level = record.LevelCost * price;
        if (price < 1) return false;
        for (int depth = 2; depth <= DeepestShare && level < 1; depth++)
        {
            chance *= _acceptance.Usual(author, depth);
            if (chance <= level) break;
            wins += chance - level;
        }
        return price >= wins;
    }

    private double ForwardMs(DrafterRecord record) => double.IsNaN(record.ForwardMs) ? 0.1 * _plainMs : record.ForwardMs;

    private void Allow(ReadOnlySpan<Sequence> batch)
    {
        double rate = Speedup * batch.Length / Math.Max(_plainMs, 1e-9), planned = 0;
        // Not far beyond what was ever measured.
        int most = Math.Min(_most, Math.Max(1, ((Further * _cost.Known) - _rows) / batch.Length));
        double left = _ledger.Left(_aheadMs);
        if (left < 0) (most, _pause) = (0, PlanPause.Loss);
        else if (_sincePlain > PlainEvery + (PlainEveryFaster * (Speedup - 1))) most = 0;
        if (most > 0 && batch.Length > 1)
        {
            Divide(batch, left, Math.Min(most, DeepestShare));
            planned = (double)_share.Total * (batch.Length - 1) / batch.Length;
        }
        if (most > 0) _plan.Set(_cost, _rows + planned, _context, _sequences, rate);
        if (most > 0 && (_plan.Price(0) >= 1 || (batch.Length > 1 && _share.Total == 0))) (most, _pause) = (0, PlanPause.Rows);
        // What one step may lose is bounded too, not only what all of them have lost so far.
        double risk = ((AtOnce * left / Math.Max(_plainMs, 1e-9)) + Overdraft) * Speedup;
        // The price of a first forward that makes all guesses is lost whatever follows: fewer nodes would only win less of it back.
        double level = Dearest();
        while (most > 1 && (_plan.Cost(most) / batch.Length) + (most * level) > risk) most--;
        for (int i = 0; i < batch.Length; i++) _allowed[batch[i]].Nodes = CatchUp(batch[i]) > FreeRows ? 0 : Math.Min(most, Share(batch.Length, i));
    }

    // Drafters ask for each node whether it pays, so a sequence gets room for more than is expected of it. A prompt is read without nodes: beside its rows they are as dear
    // as they can be, and nothing is known of it yet.
    private int Share(int count, int index) => count == 1 ? _most : _share.Nodes[index] == 0 ? 0 : (2 * _share.Nodes[index]) + 2;

    private static int CatchUp(Sequence sequence) => sequence.Count - (sequence.Cache?.Length ?? 0);

    private static long Ahead(Sequence sequence) => Math.Min(Math.Max(0, sequence.Limit - sequence.Count), sequence.Limit >= int.MaxValue ? Outlook : int.MaxValue);

    // Drafting, as far as it can be believed.
    private double Believed(in StepTimes times)
    {
        double expected = 0.1 * _plainMs;
        foreach (DrafterRecord record in _records.Values)
            if (record.Forwards > 0) expected += (record.Work * ForwardMs(record)) + (double.IsNaN(record.ReadMs) ? times.DraftMs : record.RowsRead * record.ReadMs);
        return Math.Min(times.DraftMs, Credible * expected);
    }

    // Tokens that the dearest level costs which a drafter may want to grow.
    private double Dearest()
    {
        double level = 0;
        foreach ((Drafter author, DrafterRecord record) in _records)
            if (record.Wait == 0 && !double.IsNaN(record.ForwardMs) && !IsDear(author, record)) level = Math.Max(level, record.LevelCost * Price(record));
        return level;
    }

    // As long as something may be lost, rates are taken to be as good as they may well be, so that what looks useless is tried and found out.
    private void Divide(ReadOnlySpan<Sequence> batch, double left, int deepest)
    {
        if (_rates.Length < batch.Length) _rates = new float[batch.Length];
        bool tries = left > Overdraft * _plainMs;
        for (int i = 0; i < batch.Length; i++) _rates[i] = tries ? _acceptance.Hoped(batch[i]) : _acceptance.Usual(batch[i]);
        double first = 0, level = 0;
        foreach (DrafterRecord record in _records.Values)
            if (record.Gain >= 0 && !double.IsNaN(record.ForwardMs)) (first, level) = (Math.Max(first, record.ForwardMs), Math.Max(level, record.LevelCost * record.ForwardMs));
        _share.Divide(_rates.AsSpan(0, batch.Length), deepest, _stepCost, first, level);
        if (_share.Total > 0) (_unshared, _retry) = (0, FirstRetry);
        if (_share.Total > 0 || !tries || ++_unshared < _retry) return;
        // What a draft takes is only known again once it was asked.
        _share.Divide(_rates.AsSpan(0, batch.Length), deepest, _stepCost, 0, 0);
        (_unshared, _retry) = (0, Math.Min(2 * _retry, LongestRetry));
    }

    // Tokens that could have come in the time that a drafter and its rows took.
    private float Spent(DrafterRecord record, in StepTimes times)
    {
        double rows = times.Nodes == 0 ? 0 : Math.Max(0, _cost.Milliseconds(times.Work, _context, _sequences) - _stepCost(0)) * record.Nodes / times.Nodes;
        double drafting = record.Forwards == 0 ? 0 : (record.Work * ForwardMs(record)) + (record.RowsRead <= FreeRows * times.Sequences ? record.ReadingMs : 0);
        return (float)(Speedup * times.Sequences * (rows + drafting) / _plainMs);
    }

    // Learns what forwards and reading take where only one drafter ran any; returns how long reading took.
    private double Drafting(in StepTimes times)
    {
        DrafterRecord? only = null;
        foreach (DrafterRecord record in _records.Values)
        {
            if (record.Forwards == 0) continue;
            if (only is not null) return 0;
            only = record;
        }
        if (only is null) return 0;
        if (only.RowsRead <= FreeRows * times.Sequences)
        {
            // What a step has added is read along; it is not a forward's price, and never believed to be more than half of it.
            if (!times.Prefill) only.Forwarded(Math.Max(times.DraftMs - only.ReadingMs, times.DraftMs / 2) / only.Work);
            return 0;
        }
        double reading = Math.Max(0, times.DraftMs - (only.Work * ForwardMs(only)));
        only.Read(reading / only.RowsRead);
        return Math.Min(reading, Believed(times));
    }
}
