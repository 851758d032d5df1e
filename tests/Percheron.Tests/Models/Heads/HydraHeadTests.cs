using Percheron.Drafters;
using Percheron.Drafters.Trees;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Heads;
using Xunit;

namespace Percheron.Tests.Models.Heads;

/// <summary>Hydra heads with random weights on small random targets.</summary>
public sealed class HydraHeadTests
{
    [Theory]
    [InlineData(false, TensorType.F32)]
    [InlineData(true, TensorType.Q8_0)]
    public void No_grouping_changes_a_bit(bool own, TensorType type) => HeadChecks.NoGroupingChangesABit(TinyModel.Llama with { Type = TensorType.Q8_0 }, Head(own) with { Type = type });

    [Fact]
    public void Text_stays_the_same()
    {
        HeadChecks.SaysWhatPlainDecodingSays(TinyModel.Llama, Head(false), head => new HydraDrafter(head));
        HeadChecks.SaysWhatPlainDecodingSays(TinyModel.Llama, Head(true), head => new HydraDrafter(head, width: 3, tree: new OptTree()));
    }

    [Fact]
    public void Steps_allocate_nothing() => HeadChecks.AllocatesNothing(TinyModel.Llama, Head(true), head => new HydraDrafter(head, width: 2, confidence: 0));

    [Fact]
    public void Damage_is_refused() => HeadChecks.DamageIsRefused(TinyModel.Llama, Head(false));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_head_reads_the_state_and_the_tokens_since(bool own)
    {
        using TinyFile targetFile = TinyModel.Llama.Build(), headFile = Head(own).Build();
        using Transformer target = targetFile.Load();
        using HeadFile file = HeadFile.Open(headFile.Path, target);
        int[] tokens = ModelRunner.Tokens(15, target.Vocab);
        float[][] answers = HeadChecks.Chain(file.Head, tokens, 3);
        for (int head = 0; head < 3; head++)
        {
            float[] inputs = new float[(head + 2) * 256];
            HeadChecks.State(10, inputs.AsSpan(0, 256));
            for (int i = 0; i <= head; i++)
                if (own) headFile.Gguf.ReadRow(headFile.Gguf.Tensor("token_embd.weight"), tokens[11 + i], inputs.AsSpan(256 * (i + 1), 256));
                else target.ReadEmbedding(tokens[11 + i], inputs.AsSpan(256 * (i + 1), 256));
            double[] all = [.. inputs.Select(v => (double)v)];
            double[] x = own ? HeadChecks.Multiply(headFile.Gguf, $"head.{head}.res.weight", all) : all[..256], change = HeadChecks.Multiply(headFile.Gguf, $"head.{head}.fc.weight", all);
            for (int i = 0; i < x.Length; i++) x[i] += HeadChecks.Silu(change[i]);
            change = HeadChecks.Multiply(headFile.Gguf, $"head.{head}.blk.0.weight", x);
            for (int i = 0; i < x.Length; i++) x[i] += HeadChecks.Silu(change[i]);
            double[] logits = own ? HeadChecks.Multiply(headFile.Gguf, "output.weight", x) : HeadChecks.Multiply(targetFile.Gguf, "output.weight", x);
            for (int i = 0; i < logits.Length; i++) Assert.Equal(logits[i], answers[head][i], 1e-4);
        }
    }

    internal static TinyHead Head(bool own)
    {
        List<(string, int[])> tensors = own ? [("token_embd.weight", [96, 256]), ("output.weight", [96, 256])] : [];
        for (int head = 0; head < 3; head++)
        {
            tensors.Add(($"head.{head}.fc.weight", [256, (head + 2) * 256]));
            if (own) tensors.Add(($"head.{head}.res.weight", [256, (head + 2) * 256]));
            tensors.Add(($"head.{head}.blk.0.weight", [256, 256]));
        }
        return new TinyHead("hydra") { Numbers = [("head_count", 3), ("block_count", 1)], Tensors = [.. tensors] };
    }
}
