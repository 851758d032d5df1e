using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Models;
using Percheron.Planning;
using Percheron.Testing;
using Percheron.Tests.Models;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Drafters;

public class ZiparDrafterTests
{
    private const int Vocab = 12, Width = 8, Rows = 6, Order = 30;

    private static readonly int[] Prompt = [1, 2, 3];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void With_a_window_of_a_whole_row_the_text_is_plain_decodings(bool guided)
    {
        foreach (float temperature in new[] { 0f, 1f })
        {
            Sequence[] plain = [New(temperature, 1), New(temperature, 2)], rows = [New(temperature, 1), New(temperature, 2)];
            new Decoder(Model(guided), new NoneDrafter(), new Coupled()).Run(plain);
            Decoder decoder = Zip(Model(guided), Width);
            decoder.Run(rows);
            for (int i = 0; i < 2; i++) Assert.Equal(plain[i].Tokens.ToArray(), rows[i].Tokens.ToArray());
            Assert.Equal((1, FinishReason.Length), (decoder.Statistics.AcceptedLength, rows[0].Finish));
        }
    }

    // A second writing of the schedule, over lists instead of caches: every token is drawn from the law behind exactly what its row may see.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(7)]
    public void Every_row_sees_what_is_known_above_it_and_nothing_else(int window)
    {
        foreach (float temperature in new[] { 0f, 1f })
        {
            Sequence sequence = New(temperature, 5);
            Zip(new ToyModel(Vocab, Order), window).Run(sequence);
            (int[] expected, int steps) = new Oracle(window, temperature).Write();
            Assert.Equal(expected, sequence.Output.ToArray());
            Assert.Equal(steps, sequence.Statistics.Steps);
        }
    }

    [Fact]
    public void The_smaller_the_window_the_fewer_the_steps()
    {
        long before = long.MaxValue;
        foreach (int window in (int[])[8, 6, 4, 2, 1])
        {
            Sequence sequence = New(1, 5);
            Zip(Model(false), window).Run(sequence);
            Assert.True(sequence.Statistics.Steps < before, $"{window}: {sequence.Statistics.Steps} steps");
            before = sequence.Statistics.Steps;
            Assert.Equal(Width * Rows, sequence.Output.Length);
        }
        Assert.True(before < Width * Rows / 2, $"{before} steps");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_seed_has_one_text_alone_in_a_batch_and_in_chunks(bool guided)
    {
        Sequence[] alone = [New(1, 1), New(1, 2, 27), New(1, 3)], batch = [New(1, 1), New(1, 2, 27), New(1, 3)];
        Decoder decoder = Zip(Model(guided), 3, chunk: 2);
        foreach (Sequence sequence in alone) decoder.Run(sequence);
        Zip(Model(guided), 3).Run(batch);
        for (int i = 0; i < 3; i++) Assert.Equal(alone[i].Tokens.ToArray(), batch[i].Tokens.ToArray());
        Assert.Equal(27, batch[1].Output.Length);
    }

    [Fact]
    public void Constraints_limits_and_stops_hold()
    {
        // Phases of four by place: the column.
        var ranges = new TokenRanges([(0, 3), (3, 3), (6, 3), (9, 3)]);
        Sequence constrained = New(1, 1, constraint: ranges);
        Zip(Model(false), 2).Run(constrained);
        for (int i = 0; i < constrained.Output.Length; i++) Assert.Equal(i % 4, constrained.Output[i] / 3);
        Sequence whole = New(1, 1), stopped = New(1, 1, stops: [7]), narrow = New(1, 1);
        Zip(Model(false), 2).Run(whole, stopped);
        int end = whole.Output.IndexOf(7);
        Assert.True(end >= 0);
        Assert.Equal(whole.Output[..(end + 1)].ToArray(), stopped.Output.ToArray());
        Assert.Equal(FinishReason.Stop, stopped.Finish);
        Zip(new ToyModel(Vocab, Order) { ContextLength = 30 }, 2).Run(narrow);
        Assert.Equal(30, narrow.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ZiparDrafter(4, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ZiparDrafter(4, -1));
    }

    [Fact]
    public void Caches_are_freed_and_steps_allocate_nothing()
    {
        var toy = new ToyModel(Vocab);
        Decoder decoder = Zip(toy, 2);
        Sequence[] sequences = [New(1, 1, 6000), New(1, 2, 6000)];
        for (int i = 0; i < 400; i++) decoder.Step(sequences);
        long least = long.MaxValue;
        for (int round = 0; round < 40; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 5; i++) decoder.Step(sequences);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
        decoder.Run(sequences);
        Assert.Equal(0, toy.LiveCaches);
    }

    [Fact]
    public void A_transformer_reads_a_row_where_it_says_it_stands()
    {
        // One layer: keys and values of a row depend on itself and its position alone.
        using TinyFile file = (TinyModel.Llama with { Layers = 1 }).Build();
        using Transformer model = file.Load();
        using KvCache cache = model.NewCache(), plain = cache.NewOverlay(), placed = cache.NewOverlay(), hung = cache.NewOverlay(), other = cache.NewOverlay();
        ModelRunner.Sequence(model, cache, [1, 2, 3, 4]);
        Rows rows = new();
        float[] Read(KvCache overlay, params (int Token, int Position, int Parent)[] asked)
        {
            rows.Reset(overlay);
            foreach ((int token, int position, int parent) in asked) rows.AddAt(token, position, parent, logits: true);
            model.Forward([rows]);
            return rows.Logits(asked.Length - 1).ToArray();
        }
        Assert.Equal(Read(plain, (5, -1, -1)), Read(placed, (5, 4, -1)));
        float[] chain = Read(other, (5, 6, -1), (6, 9, 0), (7, 10, 1));
        // The row in the middle was read before the first one was there.
        Read(hung, (6, 9, -1));
        Read(hung, (5, 6, -1));
        hung.Hang(0, 1);
        Assert.Equal((2, 9, 3), (hung.PathLength(0), hung.Position(0), other.PathLength(2)));
        Assert.Equal(chain, Read(hung, (7, 10, 0)));
        Assert.NotEqual(chain, Read(hung, (7, 11, 0)));
        Assert.Throws<ArgumentException>(() => hung.Hang(1, 0));
        Assert.Throws<ArgumentException>(() => cache.Hang(0, -1));
        Assert.Throws<ArgumentException>(() => Read(cache, (7, 10, -1)));
    }

    // Tokens ahead are drafts like others under an exact rule.
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Under_an_exact_rule_text_and_law_are_the_targets(int window)
    {
        Toy.SaysWhatPlainDecodingSays(() => new ZiparDrafter(5, window, 3));
        Assert.InRange(ExactLaw.Distance(() => new ZiparDrafter(2, 0), length: 4), 0, 1e-6);
    }

    [Fact]
    public void What_the_target_may_not_say_is_not_taken()
    {
        double[] p = [0, 1, 0, 0];
        foreach (bool take in (bool[])[true, false])
        {
            var step = new Verifiers.OneStep(4, _ => p);
            step.Law((tree, _) => tree.Decide(tree.Add(0, 2)), new Decided(take), 1);
            Assert.Equal(0, step.Accepted);
        }
        var half = new Verifiers.OneStep(4, _ => [0.5, 0.5, 0, 0]);
        half.Law((tree, _) => { tree.Add(0, 1); tree.Decide(tree.Add(0, 0)); }, new Decided(), 1);
        Assert.Equal(1, half.Accepted);
        half.Law((tree, _) => tree.Decide(tree.Add(0, 0)), new Decided(false), 1);
        Assert.Equal(0.5, half.Accepted, 1e-6);
    }

    private static Decoder Zip(IModel model, int window, int chunk = 256) =>
        new(model, new ZiparDrafter(Width, window), new Decided(), new DecoderOptions { Budget = new FixedBudget(64), ChunkRows = chunk });

    private static IModel Model(bool guided) => guided ? new GuidedModel(new ToyModel(Vocab, Order), [0, 0, 0, 0, .. Enumerable.Range(4, Vocab - 4)], 2) : new ToyModel(Vocab, Order);

    private static Sequence New(float temperature, ulong seed, int tokens = Width * Rows, ITokenConstraint? constraint = null, int[]? stops = null) => new(Prompt, new SequenceOptions
    {
        Sampling = SamplingSettings.Plain with { Temperature = temperature }, MaxTokens = tokens, Seed = seed, Constraint = constraint, StopTokens = stops ?? [],
    });

    private sealed class Oracle(int window, float temperature)
    {
        private readonly ToyModel _toy = new(Vocab, Order);
        private readonly List<int>[] _rows = [.. Enumerable.Range(0, Rows).Select(_ => new List<int>())];
        // So many tokens of each row have been read.
        private readonly int[] _read = new int[Rows];

        public (int[] Text, int Steps) Write()
        {
            int steps = 0, current = 0;
            // The row being committed, and whether its cache still lacks tokens that were decided while the row above was written.
            for (bool lacking = false; current < Rows; steps++)
            {
                var next = new List<(int Row, int Token)> { (current, Draw(current, _rows[current].Count, [.. Seen(current)])) };
                int[] read = [.. _read];
                read[current] = _rows[current].Count;
                for (int row = current + 1, seen = _read[current]; row < Rows; row++)
                {
                    int count = _rows[row].Count;
                    if (count == 0 && seen < window) break;
                    int before = _read[row];
                    if (seen - count >= window)
                    {
                        next.Add((row, Draw(row, count, [.. Above(row, current, lacking), .. count > 0 ? _rows[row] : [Instead(row)]])));
                        read[row] = count;
                    }
                    seen = before;
                }
                foreach ((int row, int token) in next) _rows[row].Add(token);
                read.CopyTo(_read, 0);
                lacking = _rows[current].Count == Width && current + 1 < Rows && _rows[current + 1].Count > 0;
                // What was read ahead of a row stays to be seen until the row itself is read.
                while (current < Rows && _rows[current].Count == Width) current++;
            }
            return ([.. _rows.SelectMany(row => row)], steps);
        }

        private IEnumerable<int> Seen(int row) => Prompt.Concat(_rows.Take(row + 1).SelectMany(r => r));

        // Rows above the current one are whole but for the last token where that has not been read yet; rows from the current one on are what has been read of them.
        private IEnumerable<int> Above(int row, int current, bool lacking)
        {
            IEnumerable<int> seen = Prompt;
            for (int r = 0; r < row; r++) seen = seen.Concat(r < current ? _rows[r].Take(r == current - 1 && (lacking || _read[current] == 0) ? Width - 1 : Width) : _rows[r].Take(_read[r]));
            return seen;
        }

        private int Instead(int row) => row >= 2 && _rows[row - 2].Count == Width ? _rows[row - 2][^1] : Last();

        private int Last() => _rows.TakeWhile((_, r) => r == 0 || _rows[r - 1].Count == Width).SelectMany(r => r).LastOrDefault(Prompt[^1]);

        private int Draw(int row, int column, int[] seen)
        {
            var logits = new float[Vocab];
            _toy.Logits([.. seen.Reverse()], logits);
            var law = new Distribution();
            new Sampler().Law(logits, temperature == 0 ? SamplingSettings.Greedy : SamplingSettings.Plain with { Temperature = temperature }, law);
            return new PositionNoise(5).Draw(Prompt.Length + (row * Width) + column, law);
        }
    }
}
