using Percheron.Drafters;
using Percheron.Drafters.Lengths;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Heads;
using Xunit;

namespace Percheron.Tests.Models.Heads;

/// <summary>Block drafts with random weights on small random targets.</summary>
public sealed class BlockHeadTests
{
    [Theory]
    [InlineData("dflash", TensorType.F32)]
    [InlineData("dflash", TensorType.Q8_0)]
    [InlineData("dspark", TensorType.Q8_0)]
    [InlineData("dspark", TensorType.Q5_0)]
    [InlineData("dspark", TensorType.BF16)]
    public void No_grouping_changes_a_bit(string name, TensorType type) => HeadChecks.NoGroupingChangesABit(TinyModel.Llama with { Type = TensorType.Q8_0 }, BlockHeads.Of(name) with { Type = type });

    [Fact]
    public void Text_stays_the_same()
    {
        HeadChecks.SaysWhatPlainDecodingSays(TinyModel.Llama, BlockHeads.Dflash, head => new DflashDrafter(head));
        HeadChecks.SaysWhatPlainDecodingSays(TinyModel.Llama, BlockHeads.Dflash, head => new DdtreeDrafter(head));
        HeadChecks.SaysWhatPlainDecodingSays(TinyModel.Llama, BlockHeads.Dspark, head => new DsparkDrafter(head, width: 2, length: new SurvivalLength()));
    }

    [Fact]
    public void Steps_allocate_nothing()
    {
        HeadChecks.AllocatesNothing(TinyModel.Llama, BlockHeads.Dflash, head => new DdtreeDrafter(head));
        HeadChecks.AllocatesNothing(TinyModel.Llama, BlockHeads.Dspark, head => new DsparkDrafter(head, width: 2, length: new SurvivalLength(0.01)));
    }

    [Theory]
    [InlineData("dflash")]
    [InlineData("dspark")]
    public void Damage_is_refused(string name) => HeadChecks.DamageIsRefused(TinyModel.Llama, BlockHeads.Of(name));

    [Theory]
    [InlineData("dflash")]
    [InlineData("dspark")]
    public void A_block_sees_all_of_itself_and_the_states_before_it(string name)
    {
        const int Depth = BlockHeads.Rows - 1;
        using TinyFile targetFile = TinyModel.Llama.Build(), headFile = BlockHeads.Of(name).Build();
        using Transformer target = targetFile.Load();
        using HeadFile file = HeadFile.Open(headFile.Path, target);
        int[] tokens = ModelRunner.Tokens(16, target.Vocab);
        float[][] answers = HeadChecks.Chain(file.Head, tokens, Depth);
        double[][] hidden = new ReferenceBlock(headFile.Gguf, name).Hidden(11, Embedding(target, tokens[11]));
        string output = name == "dflash" ? "" : "own";
        for (int guess = 0; guess < Depth; guess++)
        {
            double[] h = ReferenceBlock.Normalize(hidden[guess + (name == "dflash" ? 1 : 0)], Norm(output == "" ? targetFile.Gguf : headFile.Gguf));
            double[] logits = HeadChecks.Multiply(output == "" ? targetFile.Gguf : headFile.Gguf, "output.weight", h);
            if (name == "dspark")
            {
                float[] before = new float[BlockHeads.Rank];
                headFile.Gguf.ReadRow(headFile.Gguf.Tensor("markov_in.weight"), tokens[11 + guess], before);
                double[] bias = HeadChecks.Multiply(headFile.Gguf, "markov_out.weight", [.. before.Select(v => (double)v)]);
                for (int i = 0; i < logits.Length; i++) logits[i] += bias[i];
            }
            for (int i = 0; i < logits.Length; i++) Assert.Equal(logits[i], answers[guess][i], 2e-4);
        }
    }

    [Fact]
    public void Confidence_is_that_of_the_guess_and_the_token_before_it()
    {
        using TinyFile targetFile = TinyModel.Llama.Build(), headFile = BlockHeads.Dspark.Build();
        using Transformer target = targetFile.Load();
        using HeadFile file = HeadFile.Open(headFile.Path, target);
        using HeadCache cache = file.Head.NewHeadCache();
        for (int position = 0; position < 11; position++) HeadChecks.State(position, cache.Tell(position));
        int[] tokens = ModelRunner.Tokens(16, target.Vocab);
        Rows rows = new();
        rows.Reset(cache);
        for (int i = 0; i < 14; i++) rows.Add(tokens[i], i - 1, logits: i >= 11);
        file.Head.Forward([rows]);
        double[][] hidden = new ReferenceBlock(headFile.Gguf, "dspark").Hidden(11, Embedding(target, tokens[11]));
        float[] weights = [.. headFile.Gguf.ReadFloats(headFile.Gguf.Tensor("confidence.weight")), .. headFile.Gguf.ReadFloats(headFile.Gguf.Tensor("confidence_before.weight"))], bias = headFile.Gguf.ReadFloats(headFile.Gguf.Tensor("confidence.bias"));
        for (int guess = 0; guess < 3; guess++)
        {
            float[] before = new float[BlockHeads.Rank];
            headFile.Gguf.ReadRow(headFile.Gguf.Tensor("markov_in.weight"), tokens[11 + guess], before);
            double[] read = [.. ReferenceBlock.Normalize(hidden[guess], Norm(headFile.Gguf)), .. before.Select(v => (double)v)];
            double logit = (read.Zip(weights, (x, w) => x * w).Sum() + bias[0]) / (1 + (0.5 * guess));
            Assert.Equal(1 / (1 + Math.Exp(-logit)), ((IConfident)file.Head).Confidence(cache, 11 + guess), 1e-4);
        }
    }

    [Fact]
    public void Guesses_are_never_committed()
    {
        using TinyFile targetFile = TinyModel.Llama.Build(), headFile = BlockHeads.Dflash.Build();
        using Transformer target = targetFile.Load();
        using HeadFile file = HeadFile.Open(headFile.Path, target);
        using HeadCache cache = file.Head.NewHeadCache();
        Rows rows = new();
        rows.Reset(cache);
        rows.Add(1, -1, logits: true);
        rows.Add(2, 0, logits: true);
        file.Head.Forward([rows]);
        Assert.Throws<InvalidOperationException>(() => cache.Commit([0, 1]));
        cache.Commit([0]);
        Assert.Equal(1, cache.Length);
    }

    [Theory]
    [InlineData("block", "block_size")]
    [InlineData("fusion", "[256, 768]")]
    [InlineData("layer", "blk.1.ffn_down.weight")]
    [InlineData("temperatures", "each of the 5 guesses")]
    public void What_does_not_fit_is_said(string what, string message)
    {
        TinyHead head = what switch
        {
            "block" => BlockHeads.Dflash with { Numbers = [("block_size", 1), .. BlockHeads.Dflash.Numbers[1..]] },
            "fusion" => BlockHeads.Dflash with { Tensors = [("fc.weight", [256, 256]), .. BlockHeads.Dflash.Tensors[1..]] },
            "layer" => BlockHeads.Dflash with { Tensors = BlockHeads.Dflash.Tensors[..^1] },
            _ => BlockHeads.Dspark with { Metadata = [("attention.layer_norm_rms_epsilon", 1e-5f), ("temperatures", new float[] { 1, 2 })] },
        };
        using TinyFile targetFile = TinyModel.Llama.Build(), headFile = head.Build();
        using Transformer target = targetFile.Load();
        Assert.Contains(message, Assert.Throws<ModelFormatException>(() => HeadFile.Open(headFile.Path, target)).Message, StringComparison.Ordinal);
    }

    private static float[] Norm(GgufFile file) => file.ReadFloats(file.Tensor("output_norm.weight"));

    private static float[] Embedding(Transformer target, int token)
    {
        float[] embedding = new float[target.HiddenSize];
        target.ReadEmbedding(token, embedding);
        return embedding;
    }
}
