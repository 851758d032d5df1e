using Percheron.Models;

namespace Percheron.Decoding;

/// <summary>
/// The loop: draft, forward, verify, commit, observe. It knows no drafter, verifier, architecture or modality by name. Prefill, chunked prefill, plain decoding,
/// speculation and recovery from preemption are one code path, because every forward is "committed tokens the cache lacks, then the tree".
/// </summary>
/// <remarks>Not safe for concurrent use. In a steady state a step allocates nothing.</remarks>
public sealed class Decoder
{
    private readonly DecoderOptions _options;
    private readonly BudgetPolicy _budget;
    private readonly FeatureSet _features;
    private readonly Sampler _sampler = new();
    private DecoderSlot[] _slots = [];
    private DraftSlot[] _drafting = [];
    private Rows[] _rows = [];
    private Sequence[] _admitted = [];
    private int[] _kept = new int[64];
    private bool _warm;

    /// <summary>Joins a model, a drafter and a verifier; the caller keeps owning the model.</summary>
    public Decoder(IModel model, Drafter drafter, Verifier verifier, DecoderOptions? options = null)
    {
        (Model, Drafter, Verifier, _options) = (model, drafter, verifier, options ?? new DecoderOptions());
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.ChunkRows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.MaxRounds, 1);
        _budget = _options.Budget ?? new DrafterDepth();
        _features = drafter.Features.Union(verifier.Features);
    }

    /// <summary>The target.</summary>
    public IModel Model { get; }

    /// <summary>Who guesses.</summary>
    public Drafter Drafter { get; }

    /// <summary>Who decides.</summary>
    public Verifier Verifier { get; }

    /// <summary>Counters and times over all sequences.</summary>
    public DecodingStatistics Statistics { get; } = new();

    /// <summary>Steps the sequences, always those that have not ended as one batch, until all have.</summary>
    public void Run(params ReadOnlySpan<Sequence> sequences)
    {
        var running = new List<Sequence>(sequences.Length);
        do
        {
            running.Clear();
            foreach (Sequence s in sequences) if (!s.Done) running.Add(s);
            Step(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(running));
        }
        while (running.Count > 0);
    }

    /// <summary>One target forward for every sequence of the batch. Sequences that have ended are passed over; a sequence occurs once.</summary>
    /// <exception cref="ContextOverflowException">A prompt is longer than the model's context.</exception>
    public void Step(ReadOnlySpan<Sequence> batch)
    {
        TimeProvider time = _options.Time;
        long start = time.GetTimestamp();
        int count = Begin(batch, out int drafting, out bool prefill);
        if (count == 0) return;
        if (drafting > 0) Draft(drafting);
        int rows = 0, nodes = 0;
        double work = 0;
        for (int i = 0; i < count; i++)
        {
            _slots[i].FillRows(_options.ChunkRows, _features);
            rows += _slots[i].Rows.Count;
            work += _slots[i].Work(Model.LayerCount);
            nodes += _slots[i].Tree.Count - 1;
        }
        int items = count;
        for (int i = 0; i < count && drafting > 0; i++)
        {
            if (_slots[i].Tree.Room + _slots[i].Tree.Count == 1 || Drafter.Aside(_slots[i].Sequence, Limit(_slots[i].Sequence)) is not { } aside) continue;
            _rows[items++] = aside;
            rows += _slots[i].Aside = aside.Count;
            work += aside.Count;
        }
        if (drafting > 0) Drafter.Verifying(_drafting.AsSpan(0, drafting));
        long drafted = time.GetTimestamp();
        Model.Forward(_rows.AsSpan(0, items));
        long answered = time.GetTimestamp();
        long committed = Statistics.Committed;
        long observing = 0;
        for (int i = 0; i < count; i++) observing += Finish(_slots[i], time);
        long end = time.GetTimestamp();

        Statistics.Rows += rows;
        TimeSpan draftTime = time.GetElapsedTime(start, drafted) + TimeSpan.FromTicks(observing), whole = time.GetElapsedTime(start, end);
        Statistics.DraftTime += draftTime;
        Statistics.TargetTime += time.GetElapsedTime(drafted, answered);
        Statistics.VerifyTime += time.GetElapsedTime(answered, end) - TimeSpan.FromTicks(observing);
        CountTime(prefill, rows, committed, whole);
        _budget.Observe(new StepTimes(count, rows, nodes, Statistics.Committed - committed, prefill, draftTime.TotalMilliseconds, (whole - draftTime).TotalMilliseconds) { Work = work });
    }

    /// <summary>Drops what is remembered of a sequence besides its tokens; it is rebuilt by catching up when the sequence is stepped again.</summary>
    public void Preempt(Sequence sequence)
    {
        sequence.Cache?.Clear();
        Drafter.Release(sequence);
    }

    /// <summary>Frees caches and state of a sequence that will not be stepped again; sequences that end in a step are released by it.</summary>
    public void Release(Sequence sequence)
    {
        sequence.Cache?.Dispose();
        sequence.Cache = null;
        Drafter.Release(sequence);
        Verifier.Release(sequence);
        _budget.Release(sequence);
    }

    private int Begin(ReadOnlySpan<Sequence> batch, out int drafting, out bool prefill)
    {
        (drafting, prefill) = (0, false);
        EnsureSlots(batch.Length);
        int count = 0, admitted = 0;
        foreach (Sequence sequence in batch)
        {
            if (sequence.Done)
            {
                if (sequence.Cache is not null) Release(sequence);
                continue;
            }
            if (Admit(sequence) && Share(sequence, batch)) _admitted[admitted++] = sequence;
        }
        if (admitted > 0) _budget.Begin(_admitted.AsSpan(0, admitted));
        for (; count < admitted; count++)
        {
            Sequence sequence = _admitted[count];
            DecoderSlot slot = _slots[count];
            // A tree of n nodes is at most n deep and needs n rows: within this bound it fits the context whatever its shape.
            slot.Begin(sequence, _options.ChunkRows, Math.Min(_budget.Nodes(sequence), Model.ContextLength - sequence.Count), _budget.Plan, Drafter);
            _rows[count] = slot.Rows;
            prefill |= slot.CatchUp > 1;
            if (slot.Tree.Room > 0) _drafting[drafting++] = new DraftSlot(sequence, slot.Tree);
        }
        return count;
    }

    // What costs more than it wins is not shown to the target, but only where all candidates are fixed: dropping one that was drawn would change the law.
    private void Draft(int count)
    {
        Drafter.Draft(_drafting.AsSpan(0, count));
        if (_budget.Plan is not { } plan) return;
        foreach (DraftSlot slot in _drafting.AsSpan(0, count))
            if (slot.Tree.Candidates > 0 && plan.Gain(slot.Tree) < 0 && slot.Tree.IsFixed) slot.Tree.Clear();
    }

    private bool Admit(Sequence sequence)
    {
        if (sequence.Count > Model.ContextLength) throw new ContextOverflowException(sequence.Count, Model.ContextLength);
        if (sequence.Count >= Limit(sequence))
        {
            sequence.Finish = FinishReason.Length;
            Release(sequence);
            return false;
        }
        ulong seed = sequence.Options.Seed;
        sequence.Random ??= Verifier.SharesNoise ? new PositionNoise(seed) : new SeededRandom(seed);
        sequence.Cache ??= Model.NewCache();
        sequence.Vocab = Model.Vocab;
        if (sequence.Cache.ScratchCount > 0) sequence.Cache.Commit([]);
        System.Diagnostics.Debug.Assert(sequence.Cache.Length < sequence.Count, "the root is never in the cache before its step");
        return true;
    }

    // Takes the rows of a common beginning from the sequence whose prompt this one shares; false while that one still reads it. A drafter that wants the hidden states of
    // all rows has to see them read.
    private bool Share(Sequence sequence, ReadOnlySpan<Sequence> batch)
    {
        if (sequence.First is not { Done: false } first || sequence.Cache!.Length > 0 || _features.Count > 0) return true;
        int there = first.Cache?.Length ?? 0, common = Math.Min(first.Tokens.CommonPrefixLength(sequence.Tokens), sequence.Count - 1);
        if (there < Math.Min(common, first.Count - 1))
            foreach (Sequence other in batch) if (other == first) return false;
        if (there > 0) sequence.Cache.CopyFrom(first.Cache!, Math.Min(common, there));
        return true;
    }

    private long Limit(Sequence sequence) => Math.Min(sequence.Limit, Model.ContextLength);

    // Verifies, commits, shows and cuts; returns the time spent showing the step, in ticks of 100 ns.
    private long Finish(DecoderSlot slot, TimeProvider time)
    {
        Sequence sequence = slot.Sequence;
        int first = sequence.Cache!.Length, before = sequence.Count;
        Acceptance acceptance = slot.Reading ? Acceptance.None : Bounded(slot, Verifier.Verify(slot.Tree, slot, sequence));
        int kept = Keep(slot, acceptance);
        sequence.Cache.Commit(_kept.AsSpan(0, kept));
        foreach (int node in acceptance.Path) sequence.Append(slot.Tree.Token(node));
        if (acceptance.HasNext) sequence.Append(acceptance.Next);

        long from = time.GetTimestamp();
        var step = new Step(sequence, slot.Tree, slot.Rows, slot.Root, first, _kept.AsSpan(0, kept), acceptance) { Aside = slot.Aside };
        Drafter.Observe(step);
        _budget.Observe(step);
        _options.Observer?.Observe(step);
        long observing = time.GetElapsedTime(from).Ticks;

        if (acceptance.HasNext) StopOrGoOn(sequence, before);
        if (!slot.Reading)
        {
            // A refinement round that commits nothing has cost a step all the same.
            Count(Statistics, slot, acceptance, sequence.Count - before);
            Count(sequence.Statistics, slot, acceptance, sequence.Count - before);
        }
        System.Diagnostics.Debug.Assert(sequence.Done || slot.Reading || sequence.Cache.Length == sequence.Count - 1, "after a step only the last token is not in the cache");
        if (sequence.Done) Release(sequence);
        return observing;
    }

    // A refinement that never settles is ended by the target's own token, which is right under every lossless rule.
    private Acceptance Bounded(DecoderSlot slot, Acceptance acceptance)
    {
        ref int rounds = ref slot.Sequence.Rounds;
        if (acceptance.HasNext) rounds = 0;
        else if (++rounds >= _options.MaxRounds)
        {
            rounds = 0;
            return new Acceptance([], slot.Sequence.Random.Draw(slot.Sequence.Count, slot.Law(0)));
        }
        return acceptance;
    }

    // Rows that stay: the catch-up, the root if anything is committed behind it, and the accepted path.
    private int Keep(DecoderSlot slot, Acceptance acceptance)
    {
        int chain = slot.Reading ? slot.Rows.Count : acceptance.HasNext ? slot.Root + 1 : slot.Root;
        if (_kept.Length < chain + acceptance.Path.Length) _kept = new int[2 * (chain + acceptance.Path.Length)];
        for (int i = 0; i < chain; i++) _kept[i] = i;
        for (int i = 0; i < acceptance.Path.Length; i++) _kept[chain + i] = slot.Root + acceptance.Path[i];
        return chain + acceptance.Path.Length;
    }

    // The limit cuts first, so that no stop condition sees a token that plain decoding would never have reached.
    private void StopOrGoOn(Sequence sequence, int from)
    {
        long limit = Limit(sequence);
        int keep = (int)Math.Min(sequence.Count, limit);
        FinishReason reason = keep == limit ? FinishReason.Length : FinishReason.None;
        if (FirstStopToken(sequence, from, keep) is >= 0 and var stop) (keep, reason) = (stop + 1, FinishReason.Stop);
        for (int s = 0; s < sequence.Options.Stops.Count; s++)
            if (sequence.Options.Stops[s].Cut(sequence.Tokens[..keep], from) is >= 0 and var cut) (keep, reason) = (Math.Clamp(cut, sequence.PromptLength, keep), FinishReason.Stop);
        sequence.Cut(keep);
        if (!sequence.Done) sequence.Finish = reason;
    }

    private static int FirstStopToken(Sequence sequence, int from, int to)
    {
        IReadOnlyList<int> stops = sequence.Options.StopTokens;
        for (int i = from; i < to; i++)
            for (int s = 0; s < stops.Count; s++)
                if (sequence.Tokens[i] == stops[s]) return i;
        return -1;
    }

    private static void Count(DecodingStatistics statistics, DecoderSlot slot, Acceptance acceptance, int committed)
    {
        statistics.Steps++;
        statistics.Committed += committed;
        statistics.Offered += slot.Tree.Candidates;
        statistics.CountPath(slot.Tree.Deepest, Math.Clamp(committed, 0, acceptance.Path.Length));
    }

    private void CountTime(bool prefill, int rows, long committedBefore, TimeSpan elapsed)
    {
        if (prefill)
        {
            Statistics.PrefillTime += elapsed;
            Statistics.PrefillRows += rows;
        }
        else if (_warm)
        {
            Statistics.DecodeTime += elapsed;
            Statistics.DecodeTokens += Statistics.Committed - committedBefore;
        }
        else
        {
            _warm = true;
        }
    }

    private void EnsureSlots(int count)
    {
        if (_slots.Length >= count) return;
        int had = _slots.Length;
        Array.Resize(ref _slots, count);
        Array.Resize(ref _drafting, count);
        Array.Resize(ref _rows, 2 * count);
        Array.Resize(ref _admitted, count);
        for (int i = had; i < count; i++) _slots[i] = new DecoderSlot(_sampler);
    }

    // What a decoder does that was given no policy: the drafter decides by its own depth.
    private sealed class DrafterDepth : BudgetPolicy
    {
        public override int Nodes(Sequence sequence) => 64;
    }
}
