using Percheron.Drafters;
using Percheron.Drafters.Lengths;
using Percheron.Drafters.Trees;
using Xunit;

namespace Percheron.Tests.Models.Heads;

/// <summary>Heads whose files hold anything but weights: drafts become useless, and nothing else happens.</summary>
public sealed class NonsenseTests
{
    [Theory]
    [InlineData("eagle")]
    [InlineData("mtp")]
    [InlineData("eagle3")]
    [InlineData("dflash")]
    [InlineData("dspark")]
    [InlineData("medusa")]
    [InlineData("hydra")]
    [InlineData("redrafter")]
    public void Whatever_the_weights_are_the_text_is_the_targets(string name)
    {
        TinyHead head = name switch
        {
            "dflash" or "dspark" => BlockHeads.Of(name),
            "medusa" => new("medusa") { Numbers = [("head_count", 3)], Tensors = [.. Enumerable.Range(0, 3).Select(k => ($"head.{k}.blk.0.weight", new[] { 256, 256 }))] },
            "hydra" => HydraHeadTests.Head(false),
            "redrafter" => RecurrentHeadTests.Head,
            _ => LayeredHead.Of(name),
        };
        HeadChecks.NonsenseChangesNoText(TinyModel.Llama, head, head => new EagleDrafter(head, depth: 4, width: 3, tree: new OptTree(), confidence: 0), head => new EagleDrafter(head, width: 2, length: new SurvivalLength()));
    }
}
