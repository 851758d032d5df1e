using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Planning;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Planning;

/// <summary>The planner on a machine whose times are scripted, with a drafter whose acceptance is known.</summary>
public class PlannerTests
{
    private const int Length = 1500;
    private const double Plain = 20;

    private static readonly ToyModel Target = new(12);

    private static readonly int[] Truth = Text(2 * Length);

    private static int[] Text(int length)
    {
        var plain = new Sequence([1, 2, 3], new SequenceOptions { MaxTokens = length, Sampling = SamplingSettings.Greedy });
        new Decoder(Target, new NoneDrafter(), new Coupled()).Run(plain);
        return plain.Tokens.ToArray();
    }

    private static Func<int, double> Rows(double row) => n => Plain * (1 + (row * (n - 1)));

    private static CostModel Known(Func<int, double> cost) => new(new MachineProfile(1, 0, ((int[])[1, 2, 4, 8, 16]).Select(n => new RowCost(n, cost(n))), 0, 0));

    private static (double Ms, CoinDrafter Drafter, Planner Planner, DecodingStatistics Statistics) Run(
        Func<int, double> rate, double row, double forward, int length = Length, float claim = float.NaN, bool known = true, double level = 1)
    {
        var machine = new Machine();
        var drafter = new CoinDrafter(machine, Truth, rate, forward * Plain, claim, machine.Model(Target, _ => 0, level));
        var planner = new Planner(known ? Known(Rows(row)) : null);
        if (known) planner.Know(drafter, Known(n => Math.Max(forward, 1e-6) * Plain * (1 + (0.02 * (n - 1)))));
        var decoder = new Decoder(machine.Model(Target, Rows(row)), drafter, new Coupled(), new DecoderOptions { Budget = planner, Time = machine });
        var sequence = new Sequence([1, 2, 3], new SequenceOptions { MaxTokens = length, Sampling = SamplingSettings.Greedy });
        decoder.Run(sequence);
        Assert.Equal(Truth[..(3 + length)], sequence.Tokens.ToArray());
        return (machine.Ms, drafter, planner, decoder.Statistics);
    }

    // Leviathan et al., arXiv 2211.17192, theorem 3.8, with rows that cost something: tokens for each plain step's time with chains of k.
    private static double ClosedForm(double alpha, double row, double forward, int k) =>
        (alpha == 1 ? k + 1 : (1 - Math.Pow(alpha, k + 1)) / (1 - alpha)) / (1 + (k * (row + forward)));

    [Theory]
    [InlineData(0.5, 0.1, 0.05)]
    [InlineData(0.8, 0.1, 0.05)]
    [InlineData(0.8, 0.05, 0.02)]
    [InlineData(0.9, 0.1, 0.0)]
    [InlineData(0.9, 0.05, 0.2)]
    [InlineData(0.95, 0.03, 0.01)]
    [InlineData(0.6, 0.3, 0.1)]
    public void The_depth_of_the_closed_form_is_found(double alpha, double row, double forward)
    {
        (double first, _, _, _) = Run(_ => alpha, row, forward, Length / 3);
        (double ms, CoinDrafter drafter, _, _) = Run(_ => alpha, row, forward);
        double best = Enumerable.Range(0, 40).Max(k => ClosedForm(alpha, row, forward, k));
        Assert.True(Length * Plain / ms > 0.9 * best && Length / 3 * Plain / first > 0.85 * best, $"{Length * Plain / ms:0.00}, at first {Length / 3 * Plain / first:0.00}, best {best:0.00}");
        int depth = Enumerable.Range(0, 40).MaxBy(k => ClosedForm(alpha, row, forward, k));
        double mean = drafter.Proposed.Where(p => p.Key > Length / 2).Average(p => p.Value);
        Assert.True(ClosedForm(alpha, row, forward, (int)Math.Round(mean)) > 0.95 * best, $"drafts of {mean}, best {depth}");
    }

    // One forward, or one and a little for each level, makes all guesses.
    [Theory]
    [InlineData(0.9, 0.03, 0.3, 0)]
    [InlineData(0.95, 0.02, 0.7, 0)]
    [InlineData(0.95, 0.02, 1.3, 0)]
    [InlineData(0.9, 0.02, 0.4, 0.05)]
    [InlineData(0.8, 0.05, 0.2, 0)]
    public void Levels_that_cost_next_to_nothing_are_drafted(double alpha, double row, double forward, double level)
    {
        double Rate(int k) => ClosedForm(alpha, row, 0, k) * (1 + (k * row)) / (1 + (k * row) + forward + ((k - 1) * level * forward));
        double best = Enumerable.Range(1, 40).Max(Rate);
        foreach (bool known in (bool[])[true, false])
        {
            (double ms, CoinDrafter drafter, _, _) = Run(_ => alpha, row, forward, known: known, level: level);
            double mean = drafter.Proposed.Where(p => p.Key > Length / 2).Average(p => p.Value);
            Assert.True(Length * Plain / ms > 0.9 * best, $"{Length * Plain / ms:0.00} with drafts of {mean:0.0}, best {best:0.00} with {Enumerable.Range(1, 40).MaxBy(Rate)}, known {known}");
        }
    }

    // What one forward for all levels costs is lost whatever is drafted with it: a first step of one node would lose most of it.
    [Theory]
    [InlineData(0.9, 0.05, 0.7)]
    [InlineData(0.8, 0.1, 0.5)]
    [InlineData(0.9, 0.03, 1.1)]
    public void A_dear_forward_that_makes_all_guesses_pays_in_a_short_text_too(double alpha, double row, double forward)
    {
        double best = Enumerable.Range(1, 40).Max(k => ClosedForm(alpha, row, 0, k) * (1 + (k * row)) / (1 + (k * row) + forward));
        foreach (int length in (int[])[60, 100, 200])
        {
            (double ms, CoinDrafter drafter, _, DecodingStatistics statistics) = Run(_ => alpha, row, forward, length, level: 0);
            Assert.True(length * Plain / ms > 0.75 * best, $"{length} tokens: {length * Plain / ms:0.00} in {statistics.Steps} steps, {drafter.Proposed.Count} drafted, best {best:0.00}");
        }
    }

    [Theory]
    [InlineData(1.0, 0.0)]
    [InlineData(0.2, 0.9)]
    public void Nothing_is_drafted_where_rows_or_forwards_are_dear(double row, double forward)
    {
        (double ms, CoinDrafter drafter, Planner planner, DecodingStatistics statistics) = Run(_ => 0.8, row, forward);
        Assert.InRange(ms, 0, 1.02 * Length * Plain);
        Assert.InRange(statistics.Offered, 0, Length / 20);
        Assert.True(planner.Pauses.Total > Length / 2, $"{planner.Pauses.Total} pauses");
    }

    [Fact]
    public void A_draft_that_becomes_useful_is_used_again()
    {
        (_, CoinDrafter drafter, _, _) = Run(position => position < Length / 2 ? 0.02 : 0.95, 0.1, 0.05);
        Assert.True(drafter.Proposed.Where(p => p.Key < Length / 2 && p.Key > 100).Average(p => p.Value) < 1.2);
        Assert.True(drafter.Proposed.Where(p => p.Key > Length * 3 / 4).Average(p => p.Value) > 4);
    }

    public static TheoryData<string, double, double, float> Adversaries
    {
        get
        {
            var data = new TheoryData<string, double, double, float>();
            foreach (string kind in Kinds.Keys)
                foreach ((double row, double forward) in ((double, double)[])[(0.1, 0.02), (0.4, 0.2), (1, 0.5), (0.05, 1)])
                    foreach (float claim in (float[])[float.NaN, 0.98f]) data.Add(kind, row, forward, claim);
            return data;
        }
    }

    private static readonly Dictionary<string, Func<int, double>> Kinds = new()
    {
        ["never"] = _ => 0,
        ["rarely"] = _ => 0.05,
        ["sometimes"] = _ => 0.3,
        ["in turn"] = position => position % 2,
        ["in long turns"] = position => position / 40 % 2,
        ["at first"] = position => position < 60 ? 1 : 0,
        ["now and then for a while"] = position => position % 100 < 8 ? 1 : 0,
    };

    [Theory]
    [MemberData(nameof(Adversaries))]
    public void Plain_decoding_is_never_faster_by_more_than_three_percent(string kind, double row, double forward, float claim)
    {
        foreach (int length in (int[])[256, Length])
        {
            (double ms, _, _, _) = Run(Kinds[kind], row, forward, length, claim);
            Assert.True(ms <= 1.03 * length * Plain, $"{kind} {row} {forward} {claim} {length} tokens: {ms / (length * Plain):0.000} of plain");
        }
    }

    [Theory]
    [InlineData(0.1, 0.7, float.NaN)]
    [InlineData(0.02, 1.3, float.NaN)]
    [InlineData(0.4, 0.7, 0.98f)]
    [InlineData(0.02, 1.3, 0.98f)]
    public void Nor_where_one_forward_makes_all_guesses(double row, double forward, float claim)
    {
        foreach ((string kind, Func<int, double> rate) in Kinds)
            foreach (int length in (int[])[512, Length])
            {
                // In 256 tokens each such forward is up to half a percent, and one of these cases takes 3.0 %.
                (double ms, _, _, _) = Run(rate, row, forward, length, claim, level: 0);
                Assert.True(ms <= 1.03 * length * Plain, $"{kind} {length} tokens: {ms / (length * Plain):0.000} of plain");
            }
    }

    [Fact]
    public void A_batch_gets_nodes_until_the_machine_is_busy()
    {
        // Rows are nearly free up to 32, then each costs as much as it should.
        static double Cost(int n) => 20 + (0.1 * n) + (Math.Max(0, n - 32) * 1.0);
        foreach (int size in (int[])[1, 4, 16, 64])
        {
            double auto = Batch(size, new Planner(Known(Cost))), plain = Batch(size, new FixedBudget(0)), some = Batch(size, new FixedBudget(4));
            Assert.True(auto <= 1.05 * Math.Min(plain, some), $"{size} sequences: auto {auto}, plain {plain}, 4 nodes {some}");
        }

        static double Batch(int size, BudgetPolicy budget)
        {
            var machine = new Machine();
            var drafter = new CoinDrafter(machine, Truth, _ => 0.8, 0.0);
            var decoder = new Decoder(machine.Model(Target, Cost), drafter, new Coupled(), new DecoderOptions { Budget = budget, Time = machine });
            decoder.Run([.. Enumerable.Range(0, size).Select(_ => new Sequence([1, 2, 3], new SequenceOptions { MaxTokens = 300, Sampling = SamplingSettings.Greedy }))]);
            return machine.Ms;
        }
    }

    [Fact]
    public void A_prompt_is_read_without_nodes()
    {
        var planner = new Planner(Known(Rows(0.1)));
        var prompt = new Sequence([.. Enumerable.Range(0, 20)], new SequenceOptions { MaxTokens = 100 });
        planner.Begin([prompt]);
        Assert.Equal(0, planner.Nodes(prompt));
        var begun = new Sequence([1], new SequenceOptions { MaxTokens = 100 });
        planner.Begin([begun]);
        Assert.True(planner.Nodes(begun) > 0);
    }

    [Fact]
    public void What_compiling_takes_is_not_held_against_a_draft()
    {
        var planner = new Planner(Known(Rows(0.1)));
        var sequence = new Sequence([1], new SequenceOptions { MaxTokens = 400 });
        planner.Begin([sequence]);
        Assert.True(planner.Nodes(sequence) > 0);
        planner.Observe(new StepTimes(1, 2, 1, 2, false, 100 * Plain, 1.1 * Plain));
        planner.Begin([sequence]);
        Assert.True(planner.Nodes(sequence) > 0);
    }

    [Fact]
    public void No_step_goes_far_beyond_rows_that_were_timed()
    {
        var planner = new Planner(new CostModel(new MachineProfile(1, 0, [new RowCost(1, Plain), new RowCost(4, Plain)], 0, 0)));
        var sequence = new Sequence([1], new SequenceOptions { MaxTokens = 400 });
        planner.Begin([sequence]);
        Assert.InRange(planner.Nodes(sequence), 1, 7);
    }

    [Theory]
    [InlineData(true, 0.5f)]
    [InlineData(false, 1f)]
    public void Rows_that_a_draft_has_begun_cost_what_is_left_of_them(bool reuse, float share)
    {
        // Half of the layers are the draft's. A row costs nearly as much as a step, so that what the planner thinks of rows is seen at once.
        var machine = new Machine();
        var target = new ToyModel(12) { LayerCount = 4 };
        static double Cost(double rows) => rows < 1 ? 20 * rows : 20 + (16 * (rows - 1));
        var drafter = new EarlyExitDrafter(target, 2, confidence: 0, reuse: reuse);
        var planner = new Planner(Known(n => Cost(n)));
        planner.Know(drafter, Known(_ => 1e-3));
        var decoder = new Decoder(machine.Layered(target, Cost), drafter, new Coupled(), new DecoderOptions { Budget = planner, Time = machine });
        decoder.Run(new Sequence([1, 2, 3], new SequenceOptions { MaxTokens = 600, Sampling = SamplingSettings.Greedy }));
        Assert.True(decoder.Statistics.Offered > 100, $"{decoder.Statistics.Offered} offered");
        // The last node has mostly not been begun, and the root has.
        Assert.InRange(planner.Of(drafter).RowShare, share - 0.1, share);
        for (int n = 1; n <= 4; n++) Assert.Equal(Cost(n), planner.Cost.Milliseconds(n), 0.02 * Cost(n));
    }

    [Fact]
    public void Without_a_clock_that_moves_nothing_breaks()
    {
        (_, _, _, DecodingStatistics statistics) = Run(_ => 0.9, 0, 0, 200);
        Assert.True(statistics.AcceptedLength > 2);
    }
}
