using System.Runtime.InteropServices;
using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Heads;
using Percheron.Planning;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Models.Heads;

/// <summary>What every head has to do, whatever it computes, on small random targets.</summary>
internal static class HeadChecks
{
    private const int Deep = 4, Length = 12;

    private static readonly int[][] Prompts = [[1, 2, 3, 4, 5], [3, 1, 4, 1, 5, 9, 2, 6], [0], [7, 7, 7, 7]];

    /// <summary>The bits of an answer depend on the row, its ancestors and what was told of the target only.</summary>
    public static void NoGroupingChangesABit(TinyModel model, TinyHead head)
    {
        using TinyFile targetFile = model.Build(), headFile = head.Build();
        using Transformer target = targetFile.Load();
        float[][]? expected = null;
        foreach (int threads in new[] { 1, 2, 5 })
        {
            using HeadFile file = HeadFile.Open(headFile.Path, target, new ModelOptions { Threads = threads });
            int depth = Math.Min(Deep, file.Head.MaxDepth);
            int[] tokens = ModelRunner.Tokens(Length + depth, target.Vocab);
            float[][] chain = Chain(file.Head, tokens, depth);
            Same(expected ??= chain, chain);
            Same(expected, LevelByLevel(file.Head, tokens, depth));
            Same(expected, BesideOthers(file.Head, tokens, depth));
        }
    }

    /// <summary>The answers at the root and at <paramref name="depth"/> − 1 rows below it, all rows in one forward.</summary>
    public static float[][] Chain(IHead head, int[] tokens, int depth)
    {
        using HeadCache cache = head.NewHeadCache();
        Rows rows = new();
        Tell(cache, Length - 1);
        rows.Reset(cache);
        for (int i = 0; i < Length - 1 + depth; i++) rows.Add(tokens[i], i - 1, logits: i >= Length - 1);
        head.Forward([rows]);
        return [.. Enumerable.Range(Length - 1, depth).Select(row => rows.Logits(row).ToArray())];
    }

    /// <summary>What tests tell of the target's state at a position.</summary>
    public static void State(int position, Span<float> state)
    {
        Random random = new(position);
        foreach (ref float value in state) value = (float)((2 * random.NextDouble()) - 1);
    }

    /// <summary>Text is that of plain decoding: greedy and drawn, any budget, the planner's too, alone and in a batch, prompts in chunks, preempted.</summary>
    public static void SaysWhatPlainDecodingSays(TinyModel model, TinyHead head, Func<IHead, Drafter> make)
    {
        using TinyFile targetFile = model.Build(), headFile = head.Build();
        using Transformer target = targetFile.Load();
        using HeadFile file = HeadFile.Open(headFile.Path, target);
        foreach (SamplingSettings sampling in new[] { SamplingSettings.Greedy, SamplingSettings.Plain })
        {
            Sequence[] plain = Sequences(sampling, 24);
            new Decoder(target, new NoneDrafter(), new Coupled()).Run(plain);
            foreach (int budget in new[] { 1, 3, 16 }) Compare(plain, sampling, new Decoder(target, make(file.Head), new Coupled(), new DecoderOptions { Budget = new FixedBudget(budget) }));
            Compare(plain, sampling, new Decoder(target, make(file.Head), new Coupled(), new DecoderOptions { ChunkRows = 2 }));
            Compare(plain, sampling, new Decoder(target, make(file.Head), new Coupled()), preemptEvery: 2);
            Compare(plain, sampling, new Decoder(target, make(file.Head), new Coupled()), alone: true);
            Drafter planned = make(file.Head);
            Compare(plain, sampling, new Decoder(target, planned, new Coupled(), new DecoderOptions { Budget = Planner(target, file.Head, planned) }));
        }
    }

    /// <summary>No managed allocation in a steady state.</summary>
    public static void AllocatesNothing(TinyModel model, TinyHead head, Func<IHead, Drafter> make)
    {
        using TinyFile targetFile = (model with { Context = 4096 }).Build(), headFile = head.Build();
        using Transformer target = targetFile.Load();
        using HeadFile file = HeadFile.Open(headFile.Path, target);
        var decoder = new Decoder(target, make(file.Head), new Coupled(), new DecoderOptions { Budget = new FixedBudget(8) });
        Sequence[] sequences = Sequences(SamplingSettings.Plain, 4000);
        for (int i = 0; i < 150; i++) decoder.Step(sequences);
        long least = long.MaxValue;
        for (int round = 0; round < 15; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 5; i++) decoder.Step(sequences);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
        Assert.True(decoder.Statistics.Offered > 0, "nothing was drafted");
    }

    /// <summary>Damaged files are refused or run, and nothing else.</summary>
    public static void DamageIsRefused(TinyModel model, TinyHead head)
    {
        using TinyFile targetFile = model.Build(), headFile = head.Build();
        using Transformer target = targetFile.Load();
        byte[] good = File.ReadAllBytes(headFile.Path);
        string path = headFile.Path + ".damaged";
        try
        {
            Random random = new(3);
            for (int round = 0; round < 150; round++)
            {
                byte[] bad = round % 10 == 0 ? good[..random.Next(good.Length)] : (byte[])good.Clone();
                int header = Math.Min(bad.Length, 2000);
                for (int i = 0; i < 3 && header > 0; i++) bad[random.Next(header)] = (byte)random.Next(256);
                File.WriteAllBytes(path, bad);
                try
                {
                    using HeadFile file = HeadFile.Open(path, target);
                    Chain(file.Head, ModelRunner.Tokens(Length + 1, target.Vocab), 1);
                }
                catch (ModelFormatException)
                {
                }
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Whatever bits stand in place of the weights, the text is that of plain decoding.</summary>
    public static void NonsenseChangesNoText(TinyModel model, TinyHead head, Func<IHead, Drafter> greedy, Func<IHead, Drafter> drawn)
    {
        using TinyFile targetFile = model.Build(), headFile = head.Build();
        using Transformer target = targetFile.Load();
        foreach ((SamplingSettings sampling, Func<IHead, Drafter> make) in new[] { (SamplingSettings.Greedy, greedy), (SamplingSettings.Plain with { TopK = 5, TopP = 0.9f }, drawn) })
        {
            Sequence[] plain = Sequences(sampling, 24);
            new Decoder(target, new NoneDrafter(), new Coupled()).Run(plain);
            foreach (string path in Nonsense(headFile))
            {
                using HeadFile file = HeadFile.Open(path, target);
                Compare(plain, sampling, new Decoder(target, make(file.Head), new Coupled()));
            }
        }
    }

    /// <summary>The file with other bits in place of its weights: nothing that is a number, infinities, the largest numbers, any bits at all. Each is gone when the next one is asked for.</summary>
    public static IEnumerable<string> Nonsense(TinyFile file)
    {
        byte[] bytes = File.ReadAllBytes(file.Path);
        int first = (int)file.Gguf.Tensors.Min(tensor => tensor.Offset);
        Random random = new(11);
        string path = file.Path + ".nonsense";
        Func<int, byte>[] kinds = [_ => 0xFF, i => (byte)(i % 4 < 2 ? 0 : i % 4 == 2 ? 0x80 : 0x7F), i => (byte)(i % 4 == 3 ? 0x7E : 0xFF), _ => (byte)random.Next(256)];
        foreach (Func<int, byte> kind in kinds)
        {
            for (int i = first; i < bytes.Length; i++) bytes[i] = kind(i);
            File.WriteAllBytes(path, bytes);
            try
            {
                yield return path;
            }
            finally
            {
                File.Delete(path);
            }
        }
    }

    /// <summary>A stored matrix times a vector.</summary>
    public static double[] Multiply(GgufFile file, string name, double[] x)
    {
        float[] matrix = file.ReadFloats(file.Tensor(name));
        double[] y = new double[matrix.Length / x.Length];
        for (int i = 0; i < matrix.Length; i++) y[i / x.Length] += matrix[i] * x[i % x.Length];
        return y;
    }

    /// <summary>The activation of most heads.</summary>
    public static double Silu(double x) => x / (1 + Math.Exp(-x));

    private static float[][] LevelByLevel(IHead head, int[] tokens, int depth)
    {
        using HeadCache cache = head.NewHeadCache();
        Rows rows = new();
        // Some of the text is read before more of it is told, as in a conversation that goes on.
        Tell(cache, 5);
        Read(0, 3);
        Tell(cache, Length - 1);
        Read(3, Length - 1);
        float[][] answers = new float[depth][];
        for (int level = 0, parent = -1; level < depth; level++)
        {
            rows.Reset(cache);
            int other = rows.Add((tokens[Length - 1 + level] + 1) % head.Vocab, parent, logits: true);
            int child = rows.Add(tokens[Length - 1 + level], parent, logits: true);
            head.Forward([rows]);
            answers[level] = rows.Logits(1).ToArray();
            Assert.Equal(other + 1, parent = child);
        }
        return answers;

        void Read(int from, int to)
        {
            rows.Reset(cache);
            for (int i = from; i < to; i++) rows.Add(tokens[i], i - from - 1, logits: false);
            head.Forward([rows]);
            cache.Commit([.. Enumerable.Range(0, to - from)]);
        }
    }

    private static float[][] BesideOthers(IHead head, int[] tokens, int depth)
    {
        Rows[] batch = [new(), new(), new()];
        HeadCache[] caches = [.. batch.Select(_ => head.NewHeadCache())];
        for (int i = 0; i < batch.Length; i++)
        {
            int told = i == 1 ? Length - 1 : 3 + i;
            Tell(caches[i], told);
            batch[i].Reset(caches[i]);
            for (int row = 0; row < told + depth; row++) batch[i].Add(tokens[row], row - 1, logits: row >= told);
        }
        head.Forward(batch);
        float[][] answers = [.. Enumerable.Range(Length - 1, depth).Select(row => batch[1].Logits(row).ToArray())];
        foreach (HeadCache cache in caches) cache.Dispose();
        return answers;
    }

    private static void Tell(HeadCache cache, int positions)
    {
        for (int position = cache.Told; position < positions; position++) State(position, cache.Tell(position));
    }

    // What a head's forwards take is measured on caches that nobody told anything.
    private static Planner Planner(Transformer target, IHead head, Drafter drafter)
    {
        Planner planner = new(CostMeasurement.Measure(target, TimeProvider.System, budgetMs: 0));
        planner.Know(drafter, CostMeasurement.Measure(head, TimeProvider.System, budgetMs: 0));
        return planner;
    }

    private static Sequence[] Sequences(SamplingSettings sampling, int tokens) =>
        [.. Prompts.Select((prompt, i) => new Sequence(prompt, new SequenceOptions { MaxTokens = tokens, Seed = (ulong)i, Sampling = sampling }))];

    private static void Compare(Sequence[] plain, SamplingSettings sampling, Decoder decoder, int preemptEvery = 0, bool alone = false)
    {
        Sequence[] sequences = Sequences(sampling, 24);
        if (alone) foreach (Sequence sequence in sequences) decoder.Run(sequence);
        for (int step = 1; sequences.Any(s => !s.Done); step++)
        {
            Assert.True(step < 500, "it goes on for ever");
            decoder.Step(sequences);
            if (preemptEvery > 0 && step % preemptEvery == 0) foreach (Sequence s in sequences.Where(s => !s.Done)) decoder.Preempt(s);
        }
        for (int i = 0; i < sequences.Length; i++) Assert.Equal(plain[i].Tokens.ToArray(), sequences[i].Tokens.ToArray());
    }

    private static void Same(float[][] expected, float[][] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            if (!MemoryMarshal.Cast<float, int>(expected[i]).SequenceEqual(MemoryMarshal.Cast<float, int>(actual[i]))) Assert.Fail($"bits differ at depth {i}");
    }
}
