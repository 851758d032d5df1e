using Percheron.Drafters;
using Percheron.Drafters.Trees;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Heads;
using Xunit;

namespace Percheron.Tests.Models.Heads;

/// <summary>ReDrafter nets with random weights on small random targets.</summary>
public sealed class RecurrentHeadTests
{
    internal static TinyHead Head { get; } = new("redrafter")
    {
        Numbers = [("length", 4), ("block_count", 1)],
        Tensors = [("rnn_w.weight", [256, 256]), ("rnn_u.weight", [256, 256]), ("rnn_u.bias", [256]), ("fc.weight", [256, 512]), ("blk.0.weight", [256, 256])],
    };

    [Theory]
    [InlineData(TensorType.F32)]
    [InlineData(TensorType.Q8_0)]
    [InlineData(TensorType.Q5_0)]
    public void No_grouping_changes_a_bit(TensorType type) => HeadChecks.NoGroupingChangesABit(TinyModel.Llama with { Type = TensorType.Q8_0 }, Head with { Type = type });

    [Fact]
    public void Text_stays_the_same()
    {
        HeadChecks.SaysWhatPlainDecodingSays(TinyModel.Llama, Head, head => new RedrafterDrafter(head));
        HeadChecks.SaysWhatPlainDecodingSays(TinyModel.Llama, Head, head => new RedrafterDrafter(head, width: 3, tree: new TopKTree()));
    }

    [Fact]
    public void Steps_allocate_nothing() => HeadChecks.AllocatesNothing(TinyModel.Llama, Head, head => new RedrafterDrafter(head, width: 2, confidence: 0));

    [Fact]
    public void Damage_is_refused() => HeadChecks.DamageIsRefused(TinyModel.Llama, Head);

    [Fact]
    public void The_memory_runs_along_the_path()
    {
        using TinyFile targetFile = TinyModel.Llama.Build(), headFile = Head.Build();
        using Transformer target = targetFile.Load();
        using HeadFile file = HeadFile.Open(headFile.Path, target);
        int[] tokens = ModelRunner.Tokens(15, target.Vocab);
        float[][] answers = HeadChecks.Chain(file.Head, tokens, 4);
        float[] state = new float[256], embedding = new float[256], bias = headFile.Gguf.ReadFloats(headFile.Gguf.Tensor("rnn_u.bias"));
        HeadChecks.State(10, state);
        double[] memory = new double[256];
        for (int depth = 0; depth < 4; depth++)
        {
            target.ReadEmbedding(tokens[11 + depth], embedding);
            double[] token = HeadChecks.Multiply(headFile.Gguf, "rnn_w.weight", [.. embedding.Select(v => (double)v)]), kept = HeadChecks.Multiply(headFile.Gguf, "rnn_u.weight", memory);
            memory = [.. Enumerable.Range(0, 256).Select(i => HeadChecks.Silu(token[i] + kept[i] + bias[i]))];
            double[] x = [.. state.Select(v => (double)v)], change = HeadChecks.Multiply(headFile.Gguf, "fc.weight", [.. x, .. memory]);
            for (int i = 0; i < x.Length; i++) x[i] += HeadChecks.Silu(change[i]);
            change = HeadChecks.Multiply(headFile.Gguf, "blk.0.weight", x);
            for (int i = 0; i < x.Length; i++) x[i] += HeadChecks.Silu(change[i]);
            double[] logits = HeadChecks.Multiply(targetFile.Gguf, "output.weight", x);
            for (int i = 0; i < logits.Length; i++) Assert.Equal(logits[i], answers[depth][i], 1e-4);
        }
    }
}
