using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Drafters.Trees;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Heads;
using Xunit;

namespace Percheron.Tests.Models.Heads;

/// <summary>Heads with a decoder layer of their own, with random weights, on small random targets.</summary>
public sealed class FeatureHeadTests
{
    [Theory]
    [InlineData("eagle", TensorType.F32)]
    [InlineData("eagle", TensorType.Q8_0)]
    [InlineData("mtp", TensorType.Q8_0)]
    [InlineData("eagle3", TensorType.Q8_0)]
    [InlineData("eagle3", TensorType.Q5_0)]
    [InlineData("deep", TensorType.BF16)]
    public void No_grouping_changes_a_bit(string name, TensorType type) => HeadChecks.NoGroupingChangesABit(TinyModel.Llama with { Type = TensorType.Q8_0 }, LayeredHead.Of(name) with { Type = type });

    [Theory]
    [InlineData("eagle")]
    [InlineData("mtp")]
    [InlineData("eagle3")]
    public void Text_stays_the_same(string name)
    {
        HeadChecks.SaysWhatPlainDecodingSays(TinyModel.Llama, LayeredHead.Of(name), head => Drafter(name, head));
        HeadChecks.SaysWhatPlainDecodingSays(TinyModel.Llama, LayeredHead.Of(name), head => new Eagle3Drafter(head, width: 3, tree: new OptTree()));
    }

    [Theory]
    [InlineData("eagle")]
    [InlineData("eagle3")]
    public void Steps_allocate_nothing(string name) => HeadChecks.AllocatesNothing(TinyModel.Llama, LayeredHead.Of(name), head => new EagleDrafter(head, width: 2, confidence: 0));

    [Theory]
    [InlineData("eagle")]
    [InlineData("eagle3")]
    public void Damage_is_refused(string name) => HeadChecks.DamageIsRefused(TinyModel.Llama, LayeredHead.Of(name));

    [Fact]
    public void Tokens_that_the_head_lacks_are_never_proposed()
    {
        using TinyFile targetFile = TinyModel.Llama.Build(), headFile = LayeredHead.Eagle3.Build();
        using Transformer target = targetFile.Load();
        using HeadFile file = HeadFile.Open(headFile.Path, target);
        float[][] answers = HeadChecks.Chain(file.Head, ModelRunner.Tokens(15, target.Vocab), 3);
        foreach (float[] answer in answers)
            for (int token = 0; token < answer.Length; token++) Assert.Equal(token % 3 != 0, answer[token] < -1e29f);
    }

    [Theory]
    [InlineData("tokens", "31 tokens for the 32 rows")]
    [InlineData("twice", "stands there twice")]
    [InlineData("range", "96 is no token")]
    [InlineData("none", "does not say which they are")]
    [InlineData("states", "one state")]
    [InlineData("width", "[256, 512]")]
    public void What_does_not_fit_is_said(string what, string message)
    {
        TinyHead eagle3 = LayeredHead.Eagle3, head = what switch
        {
            "tokens" => Knowing(Enumerable.Range(0, 31)),
            "twice" => Knowing(Enumerable.Repeat(7, 32)),
            "range" => Knowing(Enumerable.Range(65, 32)),
            "none" => eagle3 with { Metadata = eagle3.Metadata[..1] },
            "states" => LayeredHead.Eagle with { States = [1, 2] },
            _ => LayeredHead.Mtp with { Tensors = [("fc.weight", [256, 256]), .. LayeredHead.Mtp.Tensors[1..]] },
        };
        using TinyFile targetFile = TinyModel.Llama.Build(), headFile = head.Build();
        using Transformer target = targetFile.Load();
        Assert.Contains(message, Assert.Throws<ModelFormatException>(() => HeadFile.Open(headFile.Path, target)).Message, StringComparison.Ordinal);

        TinyHead Knowing(IEnumerable<int> tokens) => eagle3 with { Metadata = [eagle3.Metadata[0], ("draft_vocab", tokens.ToArray())] };
    }

    private static Drafter Drafter(string name, IHead head) => name switch
    {
        "eagle" => new Eagle2Drafter(head),
        "mtp" => new MtpDrafter(head),
        _ => new Eagle3Drafter(head),
    };
}
