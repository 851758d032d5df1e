using Percheron.Models;

namespace Percheron.Decoding;

/// <summary>
/// Lossy: decodes texts that are grids with several rows at once. A row begins as soon as the row above is <c>window</c> tokens ahead, and from then on every step decides one token of each row; what is still missing at the right
/// end of the rows above is not seen.
/// Source: He et al., "ZipAR", arXiv 2412.04062, section 3.2.
/// </summary>
/// <remarks>
/// <para>This changes the target's factorization, not how its law is read: a token of a row is drawn from the target's law given all that is known above it and to its left. A verifier cannot say that, because a path of a tree
/// has no holes; hence a decoder of its own over the same models, caches, laws and noise. With a window of a whole row the text is plain decoding's.</para>
/// <para>The rows below live in an overlay of the sequence's cache. When the row above is complete they are read again with it, so that what is committed has been read in order, and a cache that outlives this decoder is that of
/// plain decoding. The first token of a row is drawn behind the token above the missing one. The grid begins with the output. A constraint holds as far as it depends on the position alone, as <see cref="TokenRanges"/> does. Texts are the same for one seed, alone or in a batch. Budget and observer of the options are not used; not safe for concurrent use.</para>
/// </remarks>
public sealed class RowParallelDecoder
{
    private readonly DecoderOptions _options;
    private readonly int _width, _window;
    private readonly Sampler _sampler = new();
    private readonly TokenTree _root = new();
    private readonly Distribution _law = new();
    private readonly PerSequence<RowsAhead> _ahead;
    private readonly List<Rows> _own = [];
    private Sequence[] _running = [];
    private Rows[] _batch = [];
    private int[] _kept = [];
    private bool _warm;

    /// <param name="model">The target; the caller keeps owning it.</param>
    /// <param name="width">Tokens of a row of the grid.</param>
    /// <param name="window">Tokens that a row stays behind the one above, 1 to <paramref name="width"/>; the whole width is plain decoding.</param>
    /// <param name="options">Its chunks and times.</param>
    public RowParallelDecoder(IModel model, int width, int window, DecoderOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(window, width);
        (Model, _width, _window, _options) = (model, width, window, options ?? new DecoderOptions());
        _ahead = new PerSequence<RowsAhead>(_ => new RowsAhead(_width, _window));
    }

    /// <summary>The target.</summary>
    public IModel Model { get; }

    /// <summary>Counters and times over all sequences; nothing is drafted, so nothing is offered or accepted.</summary>
    public DecodingStatistics Statistics { get; } = new();

    /// <summary>Steps the sequences, always those that have not ended as one batch, until all have.</summary>
    public void Run(params ReadOnlySpan<Sequence> sequences)
    {
        for (bool running = true; running;)
        {
            Step(sequences);
            running = false;
            foreach (Sequence sequence in sequences) running |= !sequence.Done;
        }
    }

    /// <summary>One forward of the target for all sequences, each with its row and the rows below. Sequences that have ended are passed over.</summary>
    /// <exception cref="ContextOverflowException">A prompt is longer than the model's context.</exception>
    public void Step(ReadOnlySpan<Sequence> batch)
    {
        long start = _options.Time.GetTimestamp();
        int count = Begin(batch), items = 0;
        if (count == 0) return;
        bool prefill = false;
        if (_batch.Length < 2 * count) _batch = new Rows[2 * count];
        for (int i = 0; i < count; i++)
        {
            prefill |= Reading(_running[i]);
            Fill(_running[i], _own[i]);
            _batch[items++] = _own[i];
            if (_ahead[_running[i]].Asked is { Count: > 0 } asked) _batch[items++] = asked;
        }
        long drafted = _options.Time.GetTimestamp();
        Model.Forward(_batch.AsSpan(0, items));
        long answered = _options.Time.GetTimestamp(), committed = Statistics.Committed;
        int rows = 0;
        foreach (Rows item in _batch.AsSpan(0, items)) rows += item.Count;
        for (int i = 0; i < count; i++) Finish(_running[i], _own[i]);
        Array.Clear(_batch, 0, items);
        Array.Clear(_running, 0, count);
        Statistics.Rows += rows;
        Statistics.TargetTime += _options.Time.GetElapsedTime(drafted, answered);
        Statistics.VerifyTime += _options.Time.GetElapsedTime(answered);
        CountTime(prefill, rows, Statistics.Committed - committed, _options.Time.GetElapsedTime(start));
    }

    /// <summary>Frees caches and state of a sequence that will not be stepped again; sequences that end in a step are released by it.</summary>
    public void Release(Sequence sequence)
    {
        _ahead.Release(sequence);
        sequence.Cache?.Dispose();
        sequence.Cache = null;
    }

    private int Begin(ReadOnlySpan<Sequence> batch)
    {
        if (_running.Length < batch.Length) _running = new Sequence[batch.Length];
        while (_own.Count < batch.Length) _own.Add(new Rows());
        int count = 0;
        foreach (Sequence sequence in batch)
        {
            if (!sequence.Done && sequence.Count > Model.ContextLength) throw new ContextOverflowException(sequence.Count, Model.ContextLength);
            if (!sequence.Done && sequence.Count >= Limit(sequence)) sequence.Finish = FinishReason.Length;
            if (sequence.Done)
            {
                if (sequence.Cache is not null) Release(sequence);
                continue;
            }
            sequence.Random ??= new PositionNoise(sequence.Options.Seed);
            sequence.Cache ??= Model.NewCache();
            sequence.Vocab = Model.Vocab;
            _running[count++] = sequence;
        }
        return count;
    }

    // Committed tokens that the cache lacks, the newest last, or the next chunk of a long prompt.
    private void Fill(Sequence sequence, Rows own)
    {
        KvCache cache = sequence.Cache!;
        int lacking = sequence.Count - cache.Length, count = Reading(sequence) ? Math.Min(lacking, _options.ChunkRows) : lacking;
        own.Reset(cache);
        ReadOnlySpan<int> tokens = sequence.Tokens.Slice(cache.Length, count);
        for (int i = 0; i < count; i++) own.Add(tokens[i], i - 1, logits: i == lacking - 1);
        RowsAhead ahead = _ahead[sequence];
        if (count == lacking) ahead.Ask(sequence, Limit(sequence));
        else ahead.Wait();
    }

    private void Finish(Sequence sequence, Rows own)
    {
        bool decides = own.WantsLogits(own.Count - 1);
        RowsAhead ahead = _ahead[sequence];
        int before = sequence.Count, next = -1;
        if (decides)
        {
            _root.Reset(sequence.Tokens[^1], before - 1, 0);
            _sampler.Law(own.Logits(own.Count - 1), sequence, _root, 0, _law);
            next = sequence.Random.Draw(before, _law);
            ahead.Decide(sequence, _sampler);
        }
        if (_kept.Length < own.Count)
        {
            _kept = new int[2 * own.Count];
            for (int i = 0; i < _kept.Length; i++) _kept[i] = i;
        }
        sequence.Cache!.Commit(_kept.AsSpan(0, own.Count));
        if (!decides) return;
        sequence.Append(next);
        ahead.Advance(sequence);
        TextEnd.StopOrGoOn(sequence, before, Limit(sequence));
        foreach (DecodingStatistics statistics in (ReadOnlySpan<DecodingStatistics>)[Statistics, sequence.Statistics])
        {
            statistics.Steps++;
            statistics.Committed += sequence.Count - before;
        }
        if (sequence.Done) Release(sequence);
    }

    private void CountTime(bool prefill, int rows, long committed, TimeSpan elapsed)
    {
        if (prefill)
        {
            Statistics.PrefillTime += elapsed;
            Statistics.PrefillRows += rows;
        }
        else if (_warm)
        {
            Statistics.DecodeTime += elapsed;
            Statistics.DecodeTokens += committed;
        }
        else
        {
            _warm = true;
        }
    }

    // A row that was decoded ahead is read at once, whatever the chunks of prompts are: when rows below go on must not depend on them.
    private static bool Reading(Sequence sequence) => sequence.Cache!.Length < sequence.PromptLength - 1;

    private long Limit(Sequence sequence) => Math.Min(sequence.Limit, Model.ContextLength);
}
