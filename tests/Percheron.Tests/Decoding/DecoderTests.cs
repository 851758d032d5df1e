using Percheron.Decoding;
using Percheron.Models;
using Percheron.Planning;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Decoding;

public class DecoderTests
{
    private const int Vocab = 12;

    private static readonly ToyModel Target = new(Vocab);

    /// <summary>Drafts what it is told: the right continuation, with one wrong token at a given depth.</summary>
    private sealed class ScriptedDrafter(int[] truth, int wrongAt = int.MaxValue, int depth = 4) : Drafter
    {
        public List<(int First, int Rows, bool Logits)> Seen { get; } = [];

        public int Released { get; private set; }

        protected override void Draft(Sequence sequence, TokenTree tree)
        {
            int at = 0;
            for (int d = 0; d < depth && tree.Room > 0 && sequence.Count + d < truth.Length; d++)
                at = tree.Add(at, (truth[sequence.Count + d] + (d + 1 == wrongAt ? 1 : 0)) % Vocab);
        }

        public override void Observe(in Step step) => Seen.Add((step.FirstPosition, step.CommittedRows, step.HasLogits));

        public override void Release(Sequence sequence) => Released++;
    }

    private sealed class NothingDrafter : Drafter;

    private sealed class NeverVerifier : Verifier
    {
        public override bool IsLossless => true;

        public override bool SharesNoise => true;

        public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence) => Acceptance.None;
    }

    private static SequenceOptions Options(int tokens, float temperature = 1) =>
        new() { MaxTokens = tokens, Seed = 11, Sampling = temperature == 0 ? SamplingSettings.Greedy : SamplingSettings.Plain with { Temperature = temperature } };

    private static int[] Plain(int[] prompt, int tokens, float temperature = 1)
    {
        var sequence = new Sequence(prompt, Options(tokens, temperature));
        new Decoder(Target, new NothingDrafter(), new Coupled()).Run(sequence);
        return sequence.Tokens.ToArray();
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public void A_right_draft_is_accepted_in_full_and_a_wrong_one_up_to_its_mistake(float temperature)
    {
        int[] truth = Plain([1, 2, 3], 41, temperature);
        foreach ((int wrongAt, double length) in new[] { (int.MaxValue, 5.0), (1, 1.0), (3, 3.0) })
        {
            var sequence = new Sequence([1, 2, 3], Options(40, temperature));
            var decoder = new Decoder(Target, new ScriptedDrafter(truth, wrongAt), new Coupled());
            decoder.Run(sequence);
            Assert.Equal(truth[..43], sequence.Tokens.ToArray());
            Assert.Equal(length, sequence.Statistics.AcceptedLength, wrongAt == 3 ? 0.25 : 1e-9);
            Assert.Equal(FinishReason.Length, sequence.Finish);
        }
    }

    [Fact]
    public void Acceptance_by_depth_counts_the_steps_that_offered_something_there()
    {
        int[] truth = Plain([1, 2, 3], 41);
        var sequence = new Sequence([1, 2, 3], Options(40));
        new Decoder(Target, new ScriptedDrafter(truth, wrongAt: 3), new Coupled()).Run(sequence);
        DecodingStatistics statistics = sequence.Statistics;
        long[] offered = statistics.OfferedByDepth.ToArray(), accepted = statistics.AcceptedByDepth.ToArray();
        Assert.Equal(4, offered.Length);
        Assert.Equal(statistics.Offered, offered.Sum());
        // Two of four are right; what was right at depth 1 was right at depth 2, but for the step that the limit cut.
        Assert.Equal(2, accepted.Length);
        Assert.Equal(offered[0], accepted[0]);
    }

    [Fact]
    public void Every_committed_row_is_evaluated_exactly_once()
    {
        int[] truth = Plain([1, 2, 3], 60);
        var model = new ToyModel(Vocab);
        var drafter = new ScriptedDrafter(truth, wrongAt: 4);
        var sequence = new Sequence([1, 2, 3], Options(40));
        var decoder = new Decoder(model, drafter, new Coupled());
        decoder.Run(sequence);
        Assert.Equal(drafter.Seen.Select((s, i) => drafter.Seen.Take(i).Sum(x => x.Rows)), drafter.Seen.Select(s => s.First));
        // Rows = prompt, then for every step its root and four candidates; the last prompt token is the first root.
        Assert.Equal(2 + (5 * decoder.Statistics.Steps), model.Evaluated);
        Assert.Equal(model.Evaluated, decoder.Statistics.Rows);
        Assert.Equal(4 * decoder.Statistics.Steps, decoder.Statistics.Offered);
    }

    [Fact]
    public void A_long_prompt_is_read_in_chunks_without_asking_the_drafter()
    {
        int[] prompt = [.. Enumerable.Range(0, 23).Select(i => i * 7 % Vocab)];
        int[] truth = Plain(prompt, 10);
        var drafter = new ScriptedDrafter(truth);
        var sequence = new Sequence(prompt, Options(10));
        new Decoder(Target, drafter, new Coupled(), new DecoderOptions { ChunkRows = 5 }).Run(sequence);
        Assert.Equal(truth, sequence.Tokens.ToArray());
        Assert.Equal([(0, 5, false), (5, 5, false), (10, 5, false), (15, 5, false)], drafter.Seen.Take(4));
        Assert.True(drafter.Seen[4].Logits);
        Assert.Equal(20, drafter.Seen[4].First);
    }

    [Fact]
    public void The_step_that_stops_keeps_nothing_behind_the_stop_token()
    {
        int[] truth = Plain([1, 2, 3], 40);
        for (int stop = 0; stop < Vocab; stop++)
        {
            int first = Array.IndexOf(truth, stop, 3);
            if (first < 0) continue;
            var sequence = new Sequence([1, 2, 3], Options(40) with { StopTokens = [stop] });
            var drafter = new ScriptedDrafter(truth);
            new Decoder(Target, drafter, new Coupled()).Run(sequence);
            Assert.Equal(truth[..(first + 1)], sequence.Tokens.ToArray());
            Assert.Equal(first < 42 ? FinishReason.Stop : FinishReason.Length, sequence.Finish);
            Assert.Equal(sequence.Output.Length, sequence.Statistics.Committed);
            AssertAcceptedStays(sequence.Statistics);
            Assert.Equal(1, drafter.Released);
            Assert.Null(sequence.Cache);
        }
    }

    // The target adds one token a step, but for the last step, which may be cut to candidates alone.
    private static void AssertAcceptedStays(DecodingStatistics statistics)
    {
        Assert.InRange(statistics.Committed - statistics.Accepted, statistics.Steps - 1, statistics.Steps);
        Assert.Equal(statistics.Accepted, statistics.AcceptedByDepth.ToArray().Sum());
    }

    private sealed class CutAt(int count) : IStopCondition
    {
        public int Cut(ReadOnlySpan<int> tokens, int from) => tokens.Length >= count ? count : -1;
    }

    private sealed class CutBack(int seen, int keep) : IStopCondition
    {
        public int Cut(ReadOnlySpan<int> tokens, int from) => tokens.Length >= seen ? keep : -1;
    }

    [Fact]
    public void A_stop_condition_may_cut_tokens_of_earlier_steps_but_not_the_prompt()
    {
        int[] truth = Plain([1, 2, 3], 40);
        foreach ((int keep, int expected) in new[] { (6, 6), (4, 4), (1, 3) })
        {
            var sequence = new Sequence([1, 2, 3], Options(40) with { Stops = [new CutBack(17, keep)] });
            var decoder = new Decoder(Target, new ScriptedDrafter(truth), new Coupled());
            decoder.Run(sequence);
            Assert.Equal(truth[..expected], sequence.Tokens.ToArray());
            Assert.Equal((FinishReason.Stop, expected - 3L, expected - 3L), (sequence.Finish, sequence.Statistics.Committed, decoder.Statistics.Committed));
        }
    }

    [Fact]
    public void Stop_conditions_and_limits_cut_to_the_earliest()
    {
        int[] truth = Plain([1, 2, 3], 40);
        for (int limit = 1; limit < 12; limit++)
        {
            var sequence = new Sequence([1, 2, 3], Options(limit) with { Stops = [new CutAt(9)] });
            new Decoder(Target, new ScriptedDrafter(truth), new Coupled()).Run(sequence);
            Assert.Equal(Math.Min(3 + limit, 9), sequence.Count);
            AssertAcceptedStays(sequence.Statistics);
            Assert.Equal(3 + limit < 9 ? FinishReason.Length : FinishReason.Stop, sequence.Finish);
        }
    }

    private sealed class LongestSeen : IStopCondition
    {
        public int Longest { get; private set; }

        public int Cut(ReadOnlySpan<int> tokens, int from)
        {
            Longest = Math.Max(Longest, tokens.Length);
            return -1;
        }
    }

    [Fact]
    public void Stop_conditions_see_no_token_behind_the_limit()
    {
        int[] truth = Plain([1, 2, 3], 40);
        for (int limit = 1; limit < 12; limit++)
        {
            var seen = new LongestSeen();
            var sequence = new Sequence([1, 2, 3], Options(limit) with { Stops = [seen] });
            new Decoder(Target, new ScriptedDrafter(truth), new Coupled()).Run(sequence);
            Assert.Equal(3 + limit, seen.Longest);
        }
    }

    [Fact]
    public void The_context_ends_a_sequence_and_refuses_a_longer_prompt()
    {
        var model = new ToyModel(Vocab) { ContextLength = 16 };
        int[] truth = Plain([1, 2, 3], 40);
        var sequence = new Sequence([1, 2, 3], Options(40));
        new Decoder(model, new ScriptedDrafter(truth, depth: 9), new Coupled()).Run(sequence);
        Assert.Equal((16, FinishReason.Length), (sequence.Count, sequence.Finish));
        Assert.Equal(truth[..16], sequence.Tokens.ToArray());

        var full = new Sequence(truth[..16], Options(4));
        new Decoder(model, new NothingDrafter(), new Coupled()).Run(full);
        Assert.Equal((16, FinishReason.Length), (full.Count, full.Finish));
        Assert.Throws<ContextOverflowException>(() => new Decoder(model, new NothingDrafter(), new Coupled()).Run(new Sequence(truth[..17], Options(4))));
    }

    [Fact]
    public void A_cancelled_sequence_keeps_what_it_has()
    {
        var sequence = new Sequence([1, 2, 3], Options(40));
        var decoder = new Decoder(Target, new NothingDrafter(), new Coupled());
        for (int i = 0; i < 5; i++) decoder.Step([sequence]);
        sequence.Cancel();
        decoder.Step([sequence]);
        Assert.Equal((8, FinishReason.Cancelled), (sequence.Count, sequence.Finish));
        Assert.Equal(Plain([1, 2, 3], 5), sequence.Tokens.ToArray());
    }

    [Fact]
    public void A_refinement_that_never_settles_is_ended_by_the_targets_own_token()
    {
        var sequence = new Sequence([1, 2, 3], Options(6));
        var decoder = new Decoder(Target, new NothingDrafter(), new NeverVerifier(), new DecoderOptions { MaxRounds = 4 });
        decoder.Run(sequence);
        Assert.Equal(Plain([1, 2, 3], 6), sequence.Tokens.ToArray());
        Assert.Equal((24, 6), (decoder.Statistics.Steps, decoder.Statistics.Committed));   // a round that commits nothing is a forward all the same
    }

    [Fact]
    public void A_step_allocates_nothing_once_warm()
    {
        int[] truth = Plain([1, 2, 3], 600);
        var quiet = new QuietDrafter(truth);
        Sequence[] batch = [.. Enumerable.Range(0, 3).Select(i => new Sequence([1, 2, 3], Options(500)))];
        var decoder = new Decoder(Target, quiet, new Coupled());
        // The toy's caches double as they grow: between 256 and 512 rows they do not.
        for (int i = 0; i < 70; i++) decoder.Step(batch);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 40; i++) decoder.Step(batch);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.All(batch, s => Assert.Equal(truth[..s.Count], s.Tokens.ToArray()));
    }

    private sealed class QuietDrafter(int[] truth) : Drafter
    {
        protected override void Draft(Sequence sequence, TokenTree tree)
        {
            int at = 0;
            for (int d = 0; d < 4 && tree.Room > 0; d++) at = tree.Add(at, d == 3 ? 0 : truth[sequence.Count + d]);
        }
    }

    [Fact]
    public void Useless_drafts_are_backed_off_from_and_useful_ones_are_not()
    {
        int[] truth = Plain([1, 2, 3], 400);
        Decoder Run(int wrongAt)
        {
            var sequence = new Sequence([1, 2, 3], Options(300));
            var decoder = new Decoder(Target, new ScriptedDrafter(truth, wrongAt), new Coupled(), new DecoderOptions { Budget = new BackOffBudget() });
            decoder.Run(sequence);
            Assert.Equal(truth[..303], sequence.Tokens.ToArray());
            return decoder;
        }
        Assert.InRange(Run(wrongAt: 1).Statistics.Offered, 4, 100);              // of 300 steps
        Assert.Equal(5, Run(wrongAt: int.MaxValue).Statistics.AcceptedLength, 1e-9);
    }

    [Fact]
    public void Times_come_from_the_provider_and_the_warm_up_is_left_out()
    {
        var time = new FakeTime();
        var decoder = new Decoder(Target, new NothingDrafter(), new Coupled(), new DecoderOptions { Time = time });
        decoder.Run(new Sequence([1, 2, 3], Options(5)));
        // Of five steps one reads the prompt and one warms up.
        Assert.Equal(3, decoder.Statistics.DecodeTokens);
        Assert.Equal(3, decoder.Statistics.PrefillRows);
        Assert.True(decoder.Statistics.PrefillTime > TimeSpan.Zero && decoder.Statistics.DecodeTime > decoder.Statistics.PrefillTime);
    }

    private sealed class FakeTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now += 1000;
    }
}
