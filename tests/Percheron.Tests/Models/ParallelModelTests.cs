using System.Runtime.InteropServices;
using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Planning;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Models;

/// <summary>A parallel draft answers rows behind an answered one from its masks, whatever stands there, and keeps none of them.</summary>
public sealed class ParallelModelTests
{
    private const int Depth = 4;

    private static readonly TinyModel Draft = TinyModel.Llama with { Layers = 1, Seed = 3, Context = 4096, Vectors = [("mask_embd.weight", Enumerable.Range(0, 256).Select(i => MathF.Sin(i)).ToArray())], Metadata = [] };

    [Fact]
    public void Guesses_are_the_answers_of_masks_behind_the_row()
    {
        using TinyFile file = Draft.Build();
        using Transformer model = file.Load();
        ParallelModel parallel = Load(file, model);
        int[] tokens = ModelRunner.Tokens(9, model.Vocab);
        float[][] expected = Masks(model, tokens);
        using KvCache cache = parallel.NewCache();
        Rows rows = new();
        // Read in two forwards, the second of which has a neighbour and a sibling.
        rows.Reset(cache);
        for (int i = 0; i < 4; i++) rows.Add(tokens[i], i - 1, logits: false);
        parallel.Forward([rows]);
        cache.Commit([0, 1, 2, 3]);
        using KvCache beside = parallel.NewCache();
        Rows other = new();
        other.Reset(beside);
        other.Add(5, -1, logits: true);
        rows.Reset(cache);
        for (int i = 4; i < tokens.Length; i++) rows.Add(tokens[i], i - 5, logits: i == tokens.Length - 1);
        parallel.Forward([other, rows]);
        Same(expected[0], rows.Logits(4));
        for (int depth = 1, parent = 4; depth < Depth; depth++)
        {
            rows.Reset(cache);
            int first = rows.Add(7 * depth, parent, logits: true), second = rows.Add(11, parent, logits: true);
            parallel.Forward([rows]);
            Same(expected[depth], rows.Logits(0));
            Same(expected[depth], rows.Logits(1));
            parent = depth % 2 == 0 ? first : second;
        }
        Assert.Throws<InvalidOperationException>(() => cache.Commit([0, 1, 2, 3, 4, 5]));
        cache.Commit([0, 1, 2, 3, 4]);
        Assert.Equal(9, cache.Length);
    }

    [Fact]
    public void Many_rows_near_the_end_of_the_context_are_answered_without_masks()
    {
        using TinyFile file = (Draft with { Context = 40 }).Build();
        using Transformer model = file.Load();
        ParallelModel parallel = Load(file, model);
        // What measures forwards fills the context but for the rows it asks about.
        Assert.True(CostMeasurement.Measure(parallel, TimeProvider.System, 0).Milliseconds(1) > 0);
    }

    [Fact]
    public void Rows_of_one_forward_are_all_read()
    {
        using TinyFile file = Draft.Build();
        using Transformer model = file.Load();
        ParallelModel parallel = Load(file, model);
        using KvCache cache = parallel.NewCache(), plain = model.NewCache();
        Rows rows = new(), expected = new();
        rows.Reset(cache);
        expected.Reset(plain);
        for (int i = 0; i < 5; i++)
        {
            rows.Add(i + 1, i - 1, logits: true);
            expected.Add(i + 1, i - 1, logits: true);
        }
        parallel.Forward([rows]);
        model.Forward([expected]);
        for (int i = 0; i < 5; i++) Same(expected.Logits(i).ToArray(), rows.Logits(i));
        cache.Commit([0, 1, 2, 3, 4]);
    }

    [Fact]
    public void Text_stays_the_same_and_steps_allocate_nothing()
    {
        using TinyFile file = Draft.Build(), targetFile = (TinyModel.Llama with { Context = 4096 }).Build();
        using Transformer model = file.Load(), target = targetFile.Load();
        ParallelModel parallel = Load(file, model);
        foreach (SamplingSettings sampling in new[] { SamplingSettings.Greedy, SamplingSettings.Plain })
        {
            Sequence plain = New(sampling, 40), drafted = New(sampling, 40);
            new Decoder(target, new NoneDrafter(), new Coupled()).Run(plain);
            new Decoder(target, new PardDrafter(parallel, width: 2), new Coupled()).Run(drafted);
            Assert.Equal(plain.Tokens.ToArray(), drafted.Tokens.ToArray());
        }
        var decoder = new Decoder(target, new PardDrafter(parallel, confidence: 0), new Coupled(), new DecoderOptions { Budget = new FixedBudget(6) });
        Sequence[] sequences = [New(SamplingSettings.Plain, 4000), New(SamplingSettings.Plain, 4000)];
        for (int i = 0; i < 150; i++) decoder.Step(sequences);
        long least = long.MaxValue;
        for (int round = 0; round < 15; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 5; i++) decoder.Step(sequences);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
    }

    [Fact]
    public void The_mask_may_be_a_token()
    {
        using TinyFile file = (Draft with { Vectors = [], Metadata = [] }).Build();
        using Transformer model = file.Load();
        Assert.Contains("pard.depth", Assert.Throws<ModelFormatException>(() => ParallelModel.Load(file.Gguf, model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_draft_of_many_levels_is_one_forward()
    {
        var model = Drafters.Toy.Draft();
        var drafter = new PardDrafter(new ParallelModel(model, Depth), confidence: 0);
        var tree = new TokenTree();
        tree.Reset(3, 2, 16, author: drafter);
        drafter.Draft([new DraftSlot(new Sequence([1, 2, 3], new SequenceOptions { Sampling = SamplingSettings.Greedy }), tree)]);
        Assert.Equal((Depth, 1, 1L), (tree.Deepest, tree.Forwards, model.Forwards));
    }

    [Fact]
    public void Measuring_it_works() => Assert.True(CostMeasurement.Measure(new ParallelModel(Drafters.Toy.Draft(), Depth), TimeProvider.System, 1).Milliseconds(1) >= 0);

    private static ParallelModel Load(TinyFile file, Transformer model)
    {
        model.SetExtraEmbeddings(file.Gguf.ReadFloats(file.Gguf.Tensor("mask_embd.weight")));
        return new ParallelModel(model, Depth);
    }

    private static float[][] Masks(Transformer model, int[] tokens)
    {
        using KvCache cache = model.NewCache();
        Rows rows = new();
        rows.Reset(cache);
        for (int i = 0; i < tokens.Length; i++) rows.Add(tokens[i], i - 1, logits: i == tokens.Length - 1);
        for (int k = 1; k < Depth; k++) rows.AddExtra(0, tokens.Length + k - 2, logits: true);
        model.Forward([rows]);
        return [.. Enumerable.Range(tokens.Length - 1, Depth).Select(row => rows.Logits(row).ToArray())];
    }

    private static Sequence New(SamplingSettings sampling, int tokens) => new([1, 2, 3], new SequenceOptions { MaxTokens = tokens, Seed = 3, Sampling = sampling });

    private static void Same(float[] expected, ReadOnlySpan<float> actual) =>
        Assert.True(MemoryMarshal.Cast<float, int>(expected).SequenceEqual(MemoryMarshal.Cast<float, int>(actual)), "bits differ");
}
