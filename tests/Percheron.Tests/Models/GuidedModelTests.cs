using System.Runtime.InteropServices;
using Percheron.Decoding;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Planning;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Models;

/// <summary>A guided pair answers u + scale · (c − u) of two plain sequences, and its bits depend on grouping as little as the model's.</summary>
public sealed class GuidedModelTests
{
    private const int Vocab = 96, Codes = 60, Begin = 59, Blank = 58, Length = 23, Prefix = 9;

    private const float Scale = 2.5f;

    // The end of text stands for itself, and so does what begins the codes.
    private static readonly int[] Without = [.. Enumerable.Range(0, Vocab).Select(token => token is > 0 and < Codes and not Begin ? Blank : token)];

    private static readonly int[] Tokens = [0, 3, 17, 5, Begin, .. ModelRunner.Tokens(Length - 5, Vocab - Codes).Select(code => Codes + code)];

    [Theory]
    [InlineData(TensorType.F32, CacheType.F32, 1)]
    [InlineData(TensorType.Q8_0, CacheType.F16, 2)]
    public void No_grouping_changes_a_bit(TensorType type, CacheType cacheType, int threads)
    {
        using TinyFile file = (TinyModel.Llama with { Type = type }).Build();
        float[][] expected;
        using (Transformer alone = file.Load(1, cacheType)) expected = ByHand(alone, Tokens);
        using Transformer model = file.Load(threads, cacheType);
        var guided = new GuidedModel(model, Without, Scale);
        foreach (int[] chunks in new int[][] { [1], [3], [7], [Length], [16, 1] }) Same(expected, ModelRunner.Sequence(guided, Tokens, chunks));
        Tree(guided, expected);
        Batch(guided, expected);
        using KvCache cache = guided.NewCache(), shared = guided.NewCache();
        ModelRunner.Sequence(guided, cache, Tokens.AsSpan(0, 15), 4);
        shared.CopyFrom(cache, 11);
        Same(expected[11..], ModelRunner.Sequence(guided, shared, Tokens.AsSpan(11), 3));
        cache.Truncate(6);
        Same(expected[6..], ModelRunner.Sequence(guided, cache, Tokens.AsSpan(6), 5));
        cache.Clear();
        Same(expected, ModelRunner.Sequence(guided, cache, Tokens, 11));
    }

    [Fact]
    public void Hidden_states_are_those_of_the_half_with_the_condition()
    {
        using TinyFile file = TinyModel.Llama.Build();
        using Transformer model = file.Load();
        using KvCache plain = model.NewCache(), pair = new GuidedModel(model, Without, Scale).NewCache();
        var features = new FeatureSet(1, 3);
        Rows rows = new(), expected = new();
        foreach ((Rows asked, KvCache cache, IModel answers) in new (Rows, KvCache, IModel)[] { (expected, plain, model), (rows, pair, new GuidedModel(model, Without, Scale)) })
        {
            asked.Reset(cache, features);
            for (int i = 0; i < 6; i++) asked.Add(Tokens[i], i - 1, logits: i == 5);
            answers.Forward([asked]);
        }
        for (int row = 0; row < 6; row++)
            for (int k = 0; k < features.Count; k++) Same(expected.Feature(row, k).ToArray(), rows.Feature(row, k));
    }

    [Fact]
    public void The_memory_of_both_halves_counts()
    {
        using TinyFile file = TinyModel.Llama.Build();
        using Transformer model = file.Load();
        using KvCache plain = model.NewCache(), pair = new GuidedModel(model, Without, Scale).NewCache();
        ModelRunner.Sequence(model, plain, Tokens);
        ModelRunner.Sequence(new GuidedModel(model, Without, Scale), pair, Tokens);
        Assert.Equal(2 * plain.Bytes, pair.Bytes);
    }

    [Fact]
    public void Scales_of_0_and_1_are_one_half_and_1_needs_no_pair()
    {
        var toy = new ToyModel(Vocab);
        Assert.Same(toy, GuidedModel.Of(toy, Without, 1));
        Assert.IsType<GuidedModel>(GuidedModel.Of(toy, Without, 2));
        int[] unguided = [.. Tokens.Select(token => Without[token])];
        Same(ModelRunner.Sequence(toy, unguided), ModelRunner.Sequence(new GuidedModel(toy, Without, 0), Tokens));
        Assert.Throws<ArgumentException>(() => new GuidedModel(toy, Without, -1));
        Assert.Throws<ArgumentException>(() => new GuidedModel(toy, Without, float.NaN));
        Assert.Throws<ArgumentException>(() => new GuidedModel(toy, Without.AsSpan(1), 2));
        Assert.Throws<ArgumentException>(() => new GuidedModel(toy, [.. Without[1..], Vocab], 2));
    }

    [Fact]
    public void What_only_one_half_could_read_is_refused()
    {
        var toy = new ToyModel(Vocab);
        var guided = new GuidedModel(toy, Without, Scale);
        using KvCache cache = guided.NewCache(), other = toy.NewCache();
        Rows rows = new();
        rows.Reset(cache);
        rows.AddHidden(new float[toy.HiddenSize], 0, -1, logits: true);
        Assert.Contains("one half only", Assert.Throws<ArgumentException>(() => guided.Forward([rows])).Message, StringComparison.Ordinal);
        rows.Reset(other);
        rows.Add(1, -1, logits: true);
        Assert.Throws<ArgumentException>(() => guided.Forward([rows]));
    }

    // Self-drafting methods draft with views of the pair, over overlays that are pairs.
    [Theory]
    [InlineData("model")]
    [InlineData("self")]
    [InlineData("early-exit")]
    [InlineData("draft-and-verify")]
    [InlineData("swift")]
    [InlineData("triforce(ngram)")]
    [InlineData("sjd")]
    [InlineData("recycling")]
    [InlineData("pass")]
    [InlineData("medusa")]
    [InlineData("eagle")]
    [InlineData("kangaroo")]
    [InlineData("eesd")]
    [InlineData("mtp")]
    [InlineData("bita")]
    public void Text_is_that_of_plain_decoding_whatever_is_drafted(string drafter)
    {
        foreach (float temperature in new[] { 0f, 1f })
        {
            Sequence plain = Run("none"), drafted = Run(drafter);
            Assert.Equal(plain.Tokens.ToArray(), drafted.Tokens.ToArray());
            Sequence Run(string spec)
            {
                var host = new Host(new ToyModel(12));
                var sequence = new Sequence([0, 3, 5], new SequenceOptions { Sampling = SamplingSettings.Plain with { Temperature = temperature }, MaxTokens = 60, Seed = 7 });
                new Decoder(host.Pair, new Catalog().Drafter(spec, host), new Coupled(), new DecoderOptions { Budget = new FixedBudget(7) }).Run(sequence);
                return sequence;
            }
        }
    }

    [Fact]
    public void A_view_of_the_whole_pair_is_accepted_in_full()
    {
        var host = new Host(new ToyModel(12));
        var sequence = new Sequence([0, 3, 5], new SequenceOptions { Sampling = SamplingSettings.Plain, MaxTokens = 61, Seed = 7 });
        new Decoder(host.Pair, new Catalog().Drafter("self(skip=0, depth=4, confidence=0)", host), new Coupled(), new DecoderOptions { Budget = new FixedBudget(4) }).Run(sequence);
        Assert.True(sequence.Statistics.AcceptedLength > 4, $"{sequence.Statistics.AcceptedLength}");
    }

    [Fact]
    public void It_can_be_measured_and_steps_allocate_nothing()
    {
        var toy = new ToyModel(12);
        var guided = new GuidedModel(toy, Host.Table(12), Scale);
        Assert.True(CostMeasurement.Measure(guided, TimeProvider.System, 8).Milliseconds(1) >= 0);
        var host = new Host(toy);
        var decoder = new Decoder(host.Pair, new Catalog().Drafter("self", host), new Coupled(), new DecoderOptions { Budget = new FixedBudget(5) });
        Sequence[] sequences = [.. Enumerable.Range(1, 3).Select(i => new Sequence([0, i], new SequenceOptions { Sampling = SamplingSettings.Plain, MaxTokens = 100_000, Seed = (ulong)i }))];
        for (int i = 0; i < 200; i++) decoder.Step(sequences);
        long least = long.MaxValue;
        for (int round = 0; round < 30; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 5; i++) decoder.Step(sequences);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
    }

    private static void Tree(GuidedModel model, float[][] expected)
    {
        using KvCache cache = model.NewCache();
        ModelRunner.Sequence(model, cache, Tokens.AsSpan(0, Prefix));
        Rows rows = new();
        rows.Reset(cache);
        List<int> path = [];
        for (int t = Prefix, parent = -1; t < Prefix + 6; t++)
        {
            rows.Add(Codes + t, parent, logits: t % 2 == 0);
            path.Add(parent = rows.Add(Tokens[t], parent, logits: true));
        }
        model.Forward([rows]);
        for (int i = 0; i < path.Count; i++) Same(expected[Prefix + i], rows.Logits(path[i]));
        cache.Commit([.. path]);
        Same(expected[(Prefix + path.Count)..], ModelRunner.Sequence(model, cache, Tokens.AsSpan(Prefix + path.Count), 2));
    }

    private static void Batch(GuidedModel model, float[][] expected)
    {
        KvCache[] caches = [.. Enumerable.Range(0, 3).Select(_ => model.NewCache())];
        Rows[] batch = [.. caches.Select(_ => new Rows())];
        for (int s = 0; s < 3; s++)
        {
            if (s > 0) ModelRunner.Sequence(model, caches[s], Tokens.AsSpan(0, 4 * s));
            batch[s].Reset(caches[s]);
            for (int i = 0; i <= s; i++) batch[s].Add(Tokens[(4 * s) + i], i - 1, logits: i == s);
        }
        model.Forward(batch);
        for (int s = 0; s < 3; s++)
        {
            Same(expected[5 * s], batch[s].Logits(s));
            caches[s].Dispose();
        }
    }

    // Two sequences of the model below, one token at a time.
    private static float[][] ByHand(IModel model, int[] tokens)
    {
        float[][] with = ModelRunner.Sequence(model, tokens, 1), without = ModelRunner.Sequence(model, [.. tokens.Select(token => Without[token])], 1);
        return [.. with.Select((logits, i) => logits.Select((c, x) => without[i][x] + (float)(Scale * (float)(c - without[i][x]))).ToArray())];
    }

    private static void Same(float[][] expected, float[][] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Same(expected[i], actual[i]);
    }

    private static void Same(float[] expected, ReadOnlySpan<float> actual) =>
        Assert.True(MemoryMarshal.Cast<float, int>(expected).SequenceEqual(MemoryMarshal.Cast<float, int>(actual)), "bits differ");

    // The toys with a guided pair in the target's place.
    private sealed class Host(ToyModel model) : ISpecHost
    {
        private readonly ToyHost _toys = new(model, 1);

        public GuidedModel Pair { get; } = new(model, Table(model.Vocab), Scale);

        public static int[] Table(int vocab) => [.. Enumerable.Range(0, vocab).Select(token => token is > 0 and < 5 ? 1 : token)];

        public object? Supply(Type type, string parameter, string? file) =>
            parameter == "target" && file is null && type.IsAssignableFrom(typeof(GuidedModel)) ? Pair : _toys.Supply(type, parameter, file);
    }
}
