using Percheron.Decoding;
using Percheron.Models;
using Xunit;

namespace Percheron.Tests.Decoding;

public class CatalogTests
{
    private sealed class EmptyHost : ISpecHost
    {
        public object? Supply(Type type, string parameter, string? file) => null;
    }

    [Method(Source = "a test")]
    public sealed class PlainSampleDrafter(int max = 4, double share = 0.5, bool both = false, PlainSampleDrafter.Shape shape = PlainSampleDrafter.Shape.TopK) : Drafter
    {
        private readonly int _checked = max >= 0 ? max : throw new ArgumentOutOfRangeException(nameof(max), "max is 0 or more");

        public enum Shape { Chain, TopK }

        public (int, double, bool, Shape) Options => (_checked, share, both, shape);
    }

    [Method(Name = "many", Source = "a test", Examples = ["many(plain-sample)"])]
    public sealed class ManySampleDrafter(params Drafter[] drafters) : Drafter
    {
        public IReadOnlyList<Drafter> Drafters => drafters;
    }

    [Method(Source = "a test", Examples = ["needs-model(@x)"])]
    public sealed class NeedsModelDrafter(IModel draft, int depth = 3) : Drafter
    {
        public (IModel, int) Options => (draft, depth);
    }

    [Fact]
    public void What_a_spec_needs_is_known_before_it_is_built()
    {
        SpecNeed draft = new(typeof(IModel), "draft", null);
        Assert.Equal([draft], Known.Needs("needs-model", typeof(Drafter)));
        Assert.Equal([draft with { File = "a.gguf" }, draft, draft with { File = "b" }], Known.Needs("many(needs-model(@a.gguf), plain-sample(3), needs-model(depth=2), many(needs-model(draft=@b)))", typeof(Drafter)));
        Assert.Empty(Known.Needs("many(unknown(@a), plain-sample(nothing=@b))", typeof(Drafter)));
        Assert.Throws<SpecException>(() => Known.Needs("many(", typeof(Drafter)));
    }

    private static readonly Catalog Known = new(typeof(CatalogTests).Assembly);

    private static T Make<T>(string spec) where T : Drafter => Assert.IsType<T>(Known.Drafter(spec, new EmptyHost()));

    [MethodKind("sample-kind", Suffix = "Kind")]
    public abstract class SampleKind;

    [Method(Source = "a test")]
    public sealed class WideKind(int width = 2) : SampleKind
    {
        public int Width => width;
    }

    [Fact]
    public void A_kind_of_a_plugin_is_built_as_drafters_are()
    {
        Assert.Equal(5, Assert.IsType<WideKind>(Known.Part<SampleKind>("wide(width=5)", new EmptyHost())).Width);
        Assert.Contains("unknown sample-kind 'narrow'; known: wide", Assert.Throws<SpecException>(() => Known.Part<SampleKind>("narrow", new EmptyHost())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_are_constructor_parameters()
    {
        Assert.Equal((4, .5, false, PlainSampleDrafter.Shape.TopK), Make<PlainSampleDrafter>("plain-sample").Options);
        Assert.Equal((7, .25, true, PlainSampleDrafter.Shape.Chain), Make<PlainSampleDrafter>("plain-sample(7, share=0.25, both=true, shape=chain)").Options);
        Assert.Equal(PlainSampleDrafter.Shape.TopK, Make<PlainSampleDrafter>("plain-sample(shape=top-k)").Options.Item4);
    }

    [Fact]
    public void A_last_array_takes_the_rest()
    {
        ManySampleDrafter many = Make<ManySampleDrafter>("many(plain-sample(1), many, plain-sample(max=3))");
        Assert.Equal([1, 3], many.Drafters.OfType<PlainSampleDrafter>().Select(d => d.Options.Item1));
        Assert.Equal(3, many.Drafters.Count);
    }

    [Theory]
    [InlineData("nonesuch", "known:")]
    [InlineData("plain-sample(size=3)", "has no option 'size'")]
    [InlineData("plain-sample(1,2,true,chain,5)", "takes no value '5'")]
    [InlineData("plain-sample(max=1, max=2)", "given twice")]
    [InlineData("plain-sample(max=many)", "a whole number")]
    [InlineData("plain-sample(max=99999999999)", "a whole number")]
    [InlineData("plain-sample(shape=round)", "chain, top-k")]
    [InlineData("plain-sample(shape=1)", "chain, top-k")]
    [InlineData("plain-sample(shape=7)", "chain, top-k")]
    [InlineData("plain-sample(max=ngram(2))", "a whole number")]
    [InlineData("needs-model", "@file")]
    [InlineData("needs-model(draft=x)", "written @x")]
    [InlineData("@file", "unknown drafter")]
    [InlineData("plain-sample(max=-1)", "plain-sample: max is 0 or more")]
    public void Mistakes_are_one_line_that_says_what_to_write(string spec, string says)
    {
        SpecException e = Assert.Throws<SpecException>(() => Known.Drafter(spec, new EmptyHost()));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        Assert.DoesNotContain("(Parameter", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_lists_options_with_defaults()
    {
        CatalogEntry entry = Known.Drafters.Single(d => d.Name == "plain-sample");
        Assert.Equal(["max=4", "share=0.5", "both=false", "shape=top-k"], entry.Options);
        Assert.Equal(["depth=3"], Known.Drafters.Single(d => d.Name == "needs-model").Options);
    }
}
