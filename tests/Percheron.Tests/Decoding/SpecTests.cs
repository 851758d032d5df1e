using Percheron.Decoding;
using Xunit;

namespace Percheron.Tests.Decoding;

public class SpecTests
{
    [Theory]
    [InlineData("none", "none")]
    [InlineData("ngram(max=4)", "ngram(max=4)")]
    [InlineData(" fallback( suffix ,model( @a b/draft.gguf , depth = 5 ) ) ", "fallback(suffix, model(@a b/draft.gguf, depth=5))")]
    [InlineData("union(suffix-tree, eagle3)", "union(suffix-tree, eagle3)")]
    [InlineData("x()", "x")]
    [InlineData("c(inner=ngram(2,3), w=0.5)", "c(inner=ngram(2, 3), w=0.5)")]
    public void Reads_and_writes_the_canonical_form(string text, string canonical)
    {
        Assert.Equal(canonical, Spec.Parse(text).ToString());
        Assert.Equal(canonical, Spec.Parse(canonical).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("(")]
    [InlineData("a(")]
    [InlineData("a(b")]
    [InlineData("a)b")]
    [InlineData("a(b))")]
    [InlineData("a(b c=,)")]
    [InlineData("a(,)")]
    [InlineData("a(@)")]
    [InlineData("a==b")]
    public void Says_where_a_spec_goes_wrong(string text)
    {
        SpecException e = Assert.Throws<SpecException>(() => Spec.Parse(text));
        Assert.Contains("character", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Deep_nesting_is_refused() =>
        Assert.Throws<SpecException>(() => Spec.Parse(string.Concat(Enumerable.Repeat("a(", 5000))));
}
