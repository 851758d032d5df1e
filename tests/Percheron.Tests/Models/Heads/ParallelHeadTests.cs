using Percheron.Drafters;
using Percheron.Drafters.Trees;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Heads;
using Xunit;

namespace Percheron.Tests.Models.Heads;

/// <summary>Medusa and blockwise heads with random weights on small random targets.</summary>
public sealed class ParallelHeadTests
{
    public static TheoryData<string, TensorType> Cases => new() { { "own", TensorType.F32 }, { "own", TensorType.Q8_0 }, { "low-rank", TensorType.Q8_0 }, { "target", TensorType.Q8_0 }, { "mixed", TensorType.Q5_0 } };

    [Theory]
    [MemberData(nameof(Cases))]
    public void No_grouping_changes_a_bit(string outputs, TensorType type) => HeadChecks.NoGroupingChangesABit(TinyModel.Llama with { Type = TensorType.Q8_0 }, Head(outputs) with { Type = type });

    [Theory]
    [InlineData("own")]
    [InlineData("target")]
    public void Text_stays_the_same(string outputs)
    {
        HeadChecks.SaysWhatPlainDecodingSays(TinyModel.Llama, Head(outputs), head => new MedusaDrafter(head));
        HeadChecks.SaysWhatPlainDecodingSays(TinyModel.Llama, Head(outputs), head => new MedusaDrafter(head, width: 3, tree: new OptTree()));
    }

    [Fact]
    public void Steps_allocate_nothing() => HeadChecks.AllocatesNothing(TinyModel.Llama, Head("mixed"), head => new MedusaDrafter(head, width: 2, confidence: 0));

    [Fact]
    public void Blockwise_heads_group_as_they_like_and_keep_the_text()
    {
        HeadChecks.NoGroupingChangesABit(TinyModel.Llama with { Type = TensorType.Q8_0 }, Blockwise with { Type = TensorType.Q8_0 });
        HeadChecks.SaysWhatPlainDecodingSays(TinyModel.Llama, Blockwise, head => new BlockwiseDrafter(head));
        HeadChecks.AllocatesNothing(TinyModel.Llama, Blockwise, head => new BlockwiseDrafter(head, width: 2, confidence: 0));
        HeadChecks.DamageIsRefused(TinyModel.Llama, Blockwise);
    }

    [Fact]
    public void Blockwise_heads_have_a_feed_forward_layer_each()
    {
        using TinyFile targetFile = TinyModel.Llama.Build(), headFile = Blockwise.Build();
        using Transformer target = targetFile.Load();
        using HeadFile file = HeadFile.Open(headFile.Path, target);
        float[][] answers = HeadChecks.Chain(file.Head, ModelRunner.Tokens(15, target.Vocab), 2);
        float[] state = new float[256];
        HeadChecks.State(10, state);
        for (int head = 0; head < 2; head++)
        {
            double[] x = [.. state.Select(v => (double)v)];
            double[] inner = HeadChecks.Multiply(headFile.Gguf, $"head.{head}.up.0.weight", x);
            float[] bias = headFile.Gguf.ReadFloats(headFile.Gguf.Tensor($"head.{head}.up.0.bias"));
            for (int i = 0; i < inner.Length; i++) inner[i] = Math.Max(0, inner[i] + bias[i]);
            double[] change = HeadChecks.Multiply(headFile.Gguf, $"head.{head}.down.0.weight", inner);
            for (int i = 0; i < x.Length; i++) x[i] += change[i];
            double[] logits = HeadChecks.Multiply(targetFile.Gguf, "output.weight", x);
            for (int i = 0; i < logits.Length; i++) Assert.Equal(logits[i], answers[head][i], 1e-4);
        }
    }

    [Fact]
    public void Damage_is_refused() => HeadChecks.DamageIsRefused(TinyModel.Llama, Head("low-rank"));

    [Fact]
    public void Every_head_does_what_the_paper_says()
    {
        using TinyFile targetFile = TinyModel.Llama.Build(), headFile = Head("own").Build();
        using Transformer target = targetFile.Load();
        using HeadFile file = HeadFile.Open(headFile.Path, target);
        float[][] answers = HeadChecks.Chain(file.Head, ModelRunner.Tokens(15, target.Vocab), 3);
        float[] state = new float[256];
        HeadChecks.State(10, state);
        for (int head = 0; head < 3; head++)
        {
            double[] x = [.. state.Select(v => (double)v)];
            for (int block = 0; block < 2; block++)
            {
                double[] change = HeadChecks.Multiply(headFile.Gguf, $"head.{head}.blk.{block}.weight", x);
                float[] bias = headFile.Gguf.ReadFloats(headFile.Gguf.Tensor($"head.{head}.blk.{block}.bias"));
                for (int i = 0; i < x.Length; i++) x[i] += HeadChecks.Silu(change[i] + bias[i]);
            }
            double[] logits = HeadChecks.Multiply(headFile.Gguf, $"head.{head}.proj.weight", x);
            for (int i = 0; i < logits.Length; i++) Assert.Equal(logits[i], answers[head][i], 1e-4);
        }
    }

    [Fact]
    public void Heads_without_a_projection_use_the_targets()
    {
        using TinyFile targetFile = TinyModel.Llama.Build(), headFile = (Head("target") with { Numbers = [("head_count", 2), ("block_count", 0)] }).Build();
        using Transformer target = targetFile.Load();
        using HeadFile file = HeadFile.Open(headFile.Path, target);
        float[] state = new float[256];
        HeadChecks.State(10, state);
        double[] logits = HeadChecks.Multiply(targetFile.Gguf, "output.weight", [.. state.Select(v => (double)v)]);
        foreach (float[] answer in HeadChecks.Chain(file.Head, ModelRunner.Tokens(15, target.Vocab), 2))
            for (int i = 0; i < logits.Length; i++) Assert.Equal(logits[i], answer[i], 1e-4);
    }

    [Theory]
    [InlineData("hidden", "128 floats")]
    [InlineData("vocabulary", "95 tokens")]
    [InlineData("states", "no hidden state 4")]
    [InlineData("count", "65 should be 1 to 64")]
    [InlineData("architecture", "not a head")]
    [InlineData("tensor", "head.3.blk.0.weight")]
    [InlineData("shape", "[256, 256]")]
    public void What_does_not_fit_is_said(string what, string message)
    {
        TinyHead head = Head("own");
        head = what switch
        {
            "hidden" => head with { Hidden = 128 },
            "vocabulary" => head with { Vocab = 95 },
            "states" => head with { States = [4] },
            "count" => head with { Numbers = [("head_count", 65)] },
            "architecture" => head with { Architecture = "llama" },
            "tensor" => head with { Numbers = [("head_count", 4), ("block_count", 1)] },
            _ => head with { Tensors = [("head.0.blk.0.weight", [256, 255])] },
        };
        using TinyFile targetFile = TinyModel.Llama.Build(), headFile = head.Build();
        using Transformer target = targetFile.Load();
        Assert.Contains(message, Assert.Throws<ModelFormatException>(() => HeadFile.Open(headFile.Path, target)).Message, StringComparison.Ordinal);
    }

    private static TinyHead Blockwise { get; } = new("blockwise")
    {
        Numbers = [("head_count", 2)],
        Tensors = [.. Enumerable.Range(0, 2).SelectMany(head => new (string, int[])[] { ($"head.{head}.up.0.weight", [64, 256]), ($"head.{head}.up.0.bias", [64]), ($"head.{head}.down.0.weight", [256, 64]) })],
    };

    private static TinyHead Head(string outputs)
    {
        List<(string, int[])> tensors = [];
        for (int head = 0; head < 3; head++)
        {
            for (int block = 0; block < 2; block++)
            {
                tensors.Add(($"head.{head}.blk.{block}.weight", [256, 256]));
                if (outputs == "own") tensors.Add(($"head.{head}.blk.{block}.bias", [256]));
            }
            if (outputs == "own" || (outputs == "mixed" && head == 1)) tensors.Add(($"head.{head}.proj.weight", [96, 256]));
            if (outputs != "low-rank") continue;
            tensors.Add(($"head.{head}.proj_a.weight", [32, 256]));
            tensors.Add(($"head.{head}.proj_b.weight", [96, 32]));
        }
        return new TinyHead("medusa") { Numbers = [("head_count", 3), ("block_count", 2)], States = [3], Tensors = [.. tensors] };
    }
}
