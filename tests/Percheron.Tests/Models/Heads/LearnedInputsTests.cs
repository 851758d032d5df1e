using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Drafters.Lengths;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Heads;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Models.Heads;

/// <summary>Look-ahead and mask tokens, exits and judges from files, with a real target of random weights.</summary>
public sealed class LearnedInputsTests : IDisposable
{
    private readonly TinyFile _file = (TinyModel.Llama with { Layers = 4 }).Build();
    private readonly Transformer _target;

    public LearnedInputsTests() => _target = _file.Load(2);

    [Fact]
    public void Files_give_inputs_of_their_own()
    {
        using TinyFile first = Inputs("pass", 3), second = Inputs("bita", 2);
        using HeadFile pass = HeadFile.Open(first.Path, _target), bita = HeadFile.Open(second.Path, _target);
        Assert.Equal((new ExtraInputs(0, 3), new ExtraInputs(3, 2)), ((ExtraInputs)pass.Content, (ExtraInputs)bita.Content));
        Assert.Contains("no head", Assert.Throws<ModelFormatException>(() => pass.Head).Message);
        int[][] plain = Texts(new NoneDrafter(), new Coupled());
        Assert.Equal(plain, Texts(new PassDrafter((ExtraInputs)pass.Content, _target, confidence: 0), new Coupled()));
        Assert.Equal(plain, Texts(new BitaDrafter((ExtraInputs)bita.Content, _target, width: 2, confidence: 0), new Coupled()));
        Assert.Equal(plain, Texts(new EarlyExitDrafter(_target, 2, 3, 2, confidence: 0), new Coupled()));
    }

    [Theory]
    [InlineData("kangaroo", false)]
    [InlineData("eesd", true)]
    public void An_exit_from_a_file_changes_no_text(string kind, bool feeds)
    {
        using TinyFile file = Exit(kind, feeds, 2).Build();
        using HeadFile exit = HeadFile.Open(file.Path, _target);
        int[][] plain = Texts(new NoneDrafter(), new Coupled());
        Assert.Equal(plain, Texts(new KangarooDrafter((IExit)exit.Content, _target, 3, 2, confidence: 0), new Coupled()));
        Assert.Equal(plain, Texts(new EesdDrafter((IExit)exit.Content, _target, length: new ThompsonLength()), new Coupled()));
    }

    [Fact]
    public void Whatever_was_learned_the_text_is_the_targets()
    {
        using TinyFile inputs = Inputs("bita", 2), adapter = Exit("kangaroo", false, 2).Build();
        int[][] plain = Texts(new NoneDrafter(), new Coupled());
        foreach (string path in HeadChecks.Nonsense(inputs))
        {
            using HeadFile file = HeadFile.Open(path, _target);
            Assert.Equal(plain, Texts(new BitaDrafter((ExtraInputs)file.Content, _target, width: 2), new Coupled()));
            Assert.Equal(plain, Texts(new UnionDrafter(new RecyclingDrafter(), new PassDrafter((ExtraInputs)file.Content, _target)), new Coupled()));
        }
        foreach (string path in HeadChecks.Nonsense(adapter))
        {
            using HeadFile file = HeadFile.Open(path, _target);
            Assert.Equal(plain, Texts(new KangarooDrafter((IExit)file.Content, _target, 3, 2, confidence: 0), new Coupled()));
        }
    }

    [Fact]
    public void An_exit_answers_the_same_in_a_chain_in_a_tree_and_in_a_batch()
    {
        using TinyFile file = Exit("kangaroo", false, 2).Build();
        using HeadFile opened = HeadFile.Open(file.Path, _target);
        var exit = (IExit)opened.Content;
        float[][] states = [.. Enumerable.Range(0, 6).Select(seed => Values(seed))];
        using KvCache chain = exit.NewCache(), tree = exit.NewCache(), beside = exit.NewCache();
        Rows one = new(), two = new(), three = new();
        float[] last = [];
        for (int i = 0; i < 4; i++)
        {
            one.Reset(chain);
            one.AddHidden(states[i], 0, -1, logits: true);
            exit.Forward([one]);
            last = one.Logits(0).ToArray();
            chain.Commit([0]);
        }
        two.Reset(tree);
        two.AddHidden(states[0], 0, -1, logits: false);
        two.AddHidden(states[4], 0, 0, logits: false);
        for (int i = 1; i < 4; i++) two.AddHidden(states[i], 0, i == 1 ? 0 : i, logits: i == 3);
        three.Reset(beside);
        three.AddHidden(states[5], 0, -1, logits: true);
        exit.Forward([three, two]);
        Assert.Equal(last, two.Logits(4).ToArray());
    }

    [Fact]
    public void A_judge_comes_from_a_file()
    {
        using TinyFile file = new TinyHead("judge") { States = [5], Tensors = [("judge.weight", [256]), ("judge.bias", [1])] }.Build();
        using HeadFile judge = HeadFile.Open(file.Path, _target);
        Assert.Equal((5, 256), (((JudgeHead)judge.Content).State, ((JudgeHead)judge.Content).StateSize));
        Assert.Equal(Texts(new NoneDrafter(), new Coupled())[0], Texts(new EarlyExitDrafter(_target, 2), new Judge((JudgeHead)judge.Content, 1))[0]);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Refuses(new TinyHead("pass") { Tensors = [("extra.weight", [40, 256])] }, "1 to 32");
        Refuses(new TinyHead("pass") { Tensors = [("other.weight", [4, 256])] }, "extra.weight");
        Refuses(new TinyHead("bita") { Tensors = [("extra.weight", [4, 128])] }, "shape");
        Refuses(Exit("kangaroo", false, 4), "1 to 3");
        Refuses(Exit("kangaroo", false, 2) with { Tensors = [.. Exit("kangaroo", false, 2).Tensors.Skip(1)] }, "attn_q.weight");
        Refuses(new TinyHead("judge") { States = [2, 5], Tensors = [("judge.weight", [256]), ("judge.bias", [1])] }, "one state");
        Refuses(new TinyHead("judge") { Tensors = [("judge.weight", [255]), ("judge.bias", [1])] }, "shape");
    }

    public void Dispose()
    {
        _target.Dispose();
        _file.Dispose();
    }

    private static float[] Values(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 256).Select(_ => (float)(random.NextDouble() - 0.5))];
    }

    private static TinyHead Exit(string kind, bool feeds, int layer) => new(kind)
    {
        States = [layer],
        Metadata = [("attention.layer_norm_rms_epsilon", 1e-5f)],
        Numbers = [("block_count", 1), ("context_length", 256), ("feed_forward_length", 512), ("attention.head_count", 4), ("attention.head_count_kv", 2)],
        Tensors =
        [
            ("blk.0.attn_q.weight", [256, 256]), ("blk.0.attn_norm.weight", [256]), ("blk.0.attn_k.weight", [128, 256]), ("blk.0.attn_v.weight", [128, 256]), ("blk.0.attn_output.weight", [256, 256]), ("output_norm.weight", [256]),
            .. feeds ? [("blk.0.ffn_norm.weight", [256]), ("blk.0.ffn_gate.weight", [512, 256]), ("blk.0.ffn_up.weight", [512, 256]), ("blk.0.ffn_down.weight", [256, 512])] : Array.Empty<(string, int[])>(),
        ],
    };

    private static TinyFile Inputs(string kind, int count) => new TinyHead(kind) { Seed = count, Tensors = [("extra.weight", [count, 256])] }.Build();

    private void Refuses(TinyHead head, string message)
    {
        using TinyFile file = head.Build();
        Assert.Contains(message, Assert.Throws<ModelFormatException>(() => HeadFile.Open(file.Path, _target)).Message);
    }

    // At temperature 0 and 1, two sequences as a batch.
    private int[][] Texts(Drafter drafter, Verifier verifier)
    {
        List<int[]> texts = [];
        foreach (float temperature in new[] { 0f, 1f })
        {
            Sequence[] sequences = [.. new int[][] { [1, 2, 3], [9, 8, 7, 6, 5] }.Select((prompt, i) => new Sequence(prompt, new SequenceOptions { MaxTokens = 24, Seed = (ulong)i, Sampling = SamplingSettings.Plain with { Temperature = temperature } }))];
            new Decoder(_target, drafter, verifier).Run(sequences);
            texts.AddRange(sequences.Select(s => s.Tokens.ToArray()));
        }
        return [.. texts];
    }
}
