using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Heads;
using Percheron.Models.Widening;
using Percheron.Tests.Models.Heads;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Models.Widening;

/// <summary>A head widened as often as its target is to the wide target what the narrow one is to the narrow target.</summary>
public sealed class HeadWideningTests
{
    private const int Factor = 2, Told = 8, Depth = 3;

    [Theory]
    [InlineData("eagle")]
    [InlineData("mtp")]
    [InlineData("eagle3")]
    [InlineData("deep")]
    [InlineData("medusa")]
    [InlineData("hydra")]
    [InlineData("turned")]
    [InlineData("blockwise")]
    [InlineData("redrafter")]
    [InlineData("dflash")]
    [InlineData("dspark")]
    public void A_widened_head_answers_as_the_narrow_one(string name)
    {
        using TinyFile file = (TinyModel.Llama with { Tied = true }).Build(), head = Head(name).Build();
        using Widened wideFile = new(file.Gguf), wideHead = new(head.Gguf);
        using Transformer narrow = file.Load(), wide = wideFile.Load();
        using HeadFile narrowHead = HeadFile.Open(head.Path, narrow), widenedHead = HeadFile.Open(wideHead.Path, wide);
        float[][] expected = Answers(narrowHead.Head, narrow, 1), actual = Answers(widenedHead.Head, wide, Factor);
        for (int row = 0; row < expected.Length; row++)
            for (int token = 0; token < narrow.Vocab; token++) Assert.Equal(expected[row][token], actual[row][token], 2e-4f + (1e-5f * Math.Abs(expected[row][token])));
    }

    [Fact]
    public void Text_and_accepted_drafts_are_the_same()
    {
        using TinyFile file = (TinyModel.Llama with { Tied = true }).Build(), head = LayeredHead.Eagle3.Build();
        using Widened wideFile = new(file.Gguf), wideHead = new(head.Gguf);
        using Transformer narrow = file.Load(), wide = wideFile.Load();
        using HeadFile narrowHead = HeadFile.Open(head.Path, narrow), widenedHead = HeadFile.Open(wideHead.Path, wide);
        (int[] text, long accepted) = Greedy(narrow, narrowHead.Head);
        (int[] wideText, long wideAccepted) = Greedy(wide, widenedHead.Head);
        Assert.Equal(text, wideText);
        Assert.Equal(accepted, wideAccepted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_widened_exit_answers_as_the_narrow_one(bool feeds)
    {
        using TinyFile file = TinyModel.Llama.Build(), head = LayeredHead.Exit(feeds).Build();
        (float[] expected, float[] actual) = OnBoth(file, head, (content, _, copies) =>
        {
            var exit = (IExit)content;
            using KvCache cache = exit.NewCache();
            Rows rows = new();
            rows.Reset(cache);
            for (int i = 0; i < 3; i++) rows.AddHidden(State(i, copies), 0, i - 1, logits: true);
            exit.Forward([rows]);
            return rows.Logits(2).ToArray();
        });
        for (int token = 0; token < expected.Length; token++) Assert.Equal(expected[token], actual[token], 2e-4f);
    }

    [Fact]
    public void Widened_inputs_and_judges_say_the_same()
    {
        using TinyFile file = TinyModel.Llama.Build(), inputs = new TinyHead("pass") { Tensors = [("extra.weight", [3, 256])] }.Build(), judge = new TinyHead("judge") { States = [1], Tensors = [("judge.weight", [1, 256]), ("judge.bias", [1])] }.Build();
        (float[] expected, float[] actual) = OnBoth(file, inputs, (content, target, _) =>
        {
            using KvCache cache = target.NewCache();
            Rows rows = new();
            rows.Reset(cache);
            rows.Add(3, -1, logits: false);
            rows.AddExtra(((ExtraInputs)content).First + 1, 0, logits: true);
            target.Forward([rows]);
            return rows.Logits(1).ToArray();
        });
        for (int token = 0; token < expected.Length; token++) Assert.Equal(expected[token], actual[token], 2e-4f);
        (expected, actual) = OnBoth(file, judge, (content, _, copies) => [(float)((JudgeHead)content).Probability(State(1, copies))]);
        Assert.Equal(expected[0], actual[0], 1e-5f);
    }

    /// <summary>Heads read states, so those of the wide model are copies, also where the vocabulary projection was the embedding.</summary>
    [Fact]
    public void Hidden_states_are_copies()
    {
        using TinyFile file = (TinyModel.Llama with { Tied = true }).Build();
        using Widened wideFile = new(file.Gguf);
        using Transformer narrow = file.Load(), wide = wideFile.Load();
        int last = narrow.LayerCount + 1;
        float[][] states = [.. new[] { narrow, wide }.Select(model =>
        {
            using KvCache cache = model.NewCache();
            Rows rows = new();
            rows.Reset(cache, new FeatureSet(1, last));
            rows.Add(3, -1, logits: true);
            rows.Add(5, 0, logits: true);
            model.Forward([rows]);
            return rows.Feature(1, 0).ToArray().Concat(rows.Feature(1, 1).ToArray()).ToArray();
        })];
        int hidden = narrow.HiddenSize;
        for (int i = 0; i < states[1].Length; i++) Assert.Equal(states[0][(i / (Factor * hidden) * hidden) + (i % hidden)], states[1][i], 1e-4f);
    }

    private static TinyHead Head(string name) => name switch
    {
        "dflash" or "dspark" => BlockHeads.Of(name),
        "medusa" => new TinyHead("medusa") { Numbers = [("head_count", 2), ("block_count", 1)], Tensors = [.. Blocks(0), .. Blocks(1), ("head.1.proj_a.weight", [32, 256]), ("head.1.proj_b.weight", [96, 32])] },
        "hydra" => new TinyHead("hydra")
        {
            Numbers = [("head_count", 2), ("block_count", 1)],
            Tensors = [.. Blocks(0), .. Blocks(1), ("head.0.fc.weight", [256, 512]), ("head.1.fc.weight", [256, 768]), ("head.1.res.weight", [256, 768]), ("head.0.proj.weight", [96, 256])],
        },
        "turned" => new TinyHead("medusa") { Numbers = [("head_count", 1), ("block_count", 1)], Tensors = [.. Blocks(0), ("head.0.proj_a.weight", [256, 256])] },
        "blockwise" => new TinyHead("blockwise") { Numbers = [("head_count", 1)], Tensors = [("head.0.up.0.weight", [64, 256]), ("head.0.up.0.bias", [64]), ("head.0.down.0.weight", [256, 64]), ("head.0.down.0.bias", [256])] },
        "redrafter" => new TinyHead("redrafter")
        {
            Numbers = [("block_count", 1)],
            Tensors = [("rnn_w.weight", [256, 256]), ("rnn_u.weight", [256, 256]), ("rnn_u.bias", [256]), ("fc.weight", [256, 512]), ("blk.0.weight", [256, 256]), ("output_a.weight", [256, 256])],
        },
        _ => LayeredHead.Of(name),
    };

    private static (string, int[])[] Blocks(int head) => [($"head.{head}.blk.0.weight", [256, 256]), ($"head.{head}.blk.0.bias", [256])];

    private static (float[] Narrow, float[] Wide) OnBoth(TinyFile file, TinyFile head, Func<object, Transformer, int, float[]> ask)
    {
        using Widened wideFile = new(file.Gguf), wideHead = new(head.Gguf);
        using Transformer narrow = file.Load(), wide = wideFile.Load();
        using HeadFile narrowHead = HeadFile.Open(head.Path, narrow), widenedHead = HeadFile.Open(wideHead.Path, wide);
        return (ask(narrowHead.Content, narrow, 1), ask(widenedHead.Content, wide, Factor));
    }

    private static float[] State(int position, int copies)
    {
        float[] state = new float[256];
        HeadChecks.State(position, state);
        return [.. Enumerable.Repeat(state, copies).SelectMany(s => s)];
    }

    // The answers to a chain whose first rows have states that were told: of the wide target, copies of the narrow one's.
    private static float[][] Answers(IHead head, Transformer target, int copies)
    {
        using HeadCache cache = head.NewHeadCache();
        int hidden = target.HiddenSize / copies, count = Math.Min(Depth, head.MaxDepth);
        float[] state = new float[hidden];
        for (int position = 0; position < Told; position++)
        {
            Span<float> told = cache.Tell(position);
            for (int i = 0; i < head.Reads.Count; i++)
            {
                HeadChecks.State((100 * i) + position, state);
                for (int copy = 0; copy < copies; copy++) state.CopyTo(told[(((i * copies) + copy) * hidden)..]);
            }
        }
        int[] tokens = ModelRunner.Tokens(Told + count, target.Vocab);
        Rows rows = new();
        rows.Reset(cache);
        for (int i = 0; i < tokens.Length; i++) rows.Add(tokens[i], i - 1, logits: i >= Told);
        head.Forward([rows]);
        return [.. Enumerable.Range(Told, count).Select(row => rows.Logits(row).ToArray())];
    }

    private static (int[] Text, long Accepted) Greedy(Transformer target, IHead head)
    {
        var decoder = new Decoder(target, new Eagle3Drafter(head, confidence: 0), new Coupled());
        var sequence = new Sequence([1, 2, 3], new SequenceOptions { MaxTokens = 60, Sampling = SamplingSettings.Greedy });
        decoder.Run(sequence);
        return (sequence.Tokens.ToArray(), decoder.Statistics.Accepted);
    }

    /// <summary>A widened file, temporary.</summary>
    private sealed class Widened : IDisposable
    {
        public Widened(GgufFile narrow)
        {
            ModelWidener.Widen(narrow, Path, Factor);
            Gguf = GgufFile.Open(Path);
        }

        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"percheron-{Guid.NewGuid():N}.gguf");

        public GgufFile Gguf { get; }

        public Transformer Load() => Transformer.Load(Gguf, new ModelOptions { Threads = 1, CacheType = CacheType.F32 });

        public void Dispose()
        {
            Gguf.Dispose();
            File.Delete(Path);
        }
    }
}
