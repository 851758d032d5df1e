using Percheron.Cli.Generation;
using Percheron.Cli.Tests.Support;
using Percheron.Codecs;
using Percheron.Formats;
using Xunit;

namespace Percheron.Cli.Tests.Generation;

public class OutputTextTests
{
    private const string Letters = "the abc ing xyz abc";
    private static readonly int[] Prompt = [TinyModel.Bos, 4];

    private static Tokenizer Tokenizer()
    {
        using TinyModel model = new();
        using GgufFile file = GgufFile.Open(model.Path);
        return Codecs.Tokenizer.FromGguf(file);
    }

    public static TheoryData<string> Stops => [.. new[] { "c", "abc", "bc i", "the", "the abc", "xyz abc", " ", "g x", "nothing of the kind" }];

    // Whatever the grouping into steps, text, tokens and what was shown are the same.
    [Theory]
    [MemberData(nameof(Stops))]
    public void A_stop_string_ends_the_text_before_it_in_any_grouping(string stop)
    {
        Tokenizer tokenizer = Tokenizer();
        int[] output = tokenizer.Encode(Letters, addSpecial: false);
        string whole = tokenizer.Decode(output, continues: true);
        string expected = whole.IndexOf(stop, StringComparison.Ordinal) is >= 0 and var at ? whole[..at] : whole;
        int? tokens = null;
        for (int group = 1; group <= output.Length; group++)
        {
            (string text, string shown, int kept) = Play(tokenizer, output, [stop], group);
            Assert.Equal(expected, text);
            Assert.Equal(expected, shown);
            Assert.Equal(kept, tokens ??= kept);
            // The fewest tokens that cover the text.
            Assert.StartsWith(expected, tokenizer.Decode(output.AsSpan(0, kept), continues: true), StringComparison.Ordinal);
            if (kept > 0) Assert.True(tokenizer.Decode(output.AsSpan(0, kept - 1), continues: true).Length < expected.Length || expected == whole);
        }
    }

    [Fact]
    public void The_first_of_several_stops_wins()
    {
        Tokenizer tokenizer = Tokenizer();
        Assert.Equal(" the ", Play(tokenizer, tokenizer.Encode(Letters, addSpecial: false), ["abc", "ing", "bc"], 7).Text);
    }

    [Fact]
    public void What_lies_beyond_the_limit_is_not_looked_at()
    {
        Tokenizer tokenizer = Tokenizer();
        int[] output = tokenizer.Encode(Letters, addSpecial: false);
        OutputText text = new(tokenizer, Prompt, ["abc"], [], limit: Prompt.Length + 3);
        Assert.Equal(-1, text.Cut([.. Prompt, .. output], Prompt.Length));
        text.End();
        Assert.Equal(tokenizer.Decode(output.AsSpan(0, 3), continues: true), text.ToString());
    }

    [Fact]
    public void The_beginning_of_a_stop_is_held_back_until_it_is_none()
    {
        Tokenizer tokenizer = Tokenizer();
        int[] output = tokenizer.Encode("xab", addSpecial: false);
        OutputText text = new(tokenizer, Prompt, ["abc"], [], limit: 100);
        text.Cut([.. Prompt, .. output], Prompt.Length);
        Assert.Equal(" x", string.Concat(text.Take().Select(t => t.Text)));
        text.End();
        Assert.Equal("ab", string.Concat(text.Take().Select(t => t.Text)));
    }

    [Fact]
    public void Silent_tokens_have_no_text()
    {
        Tokenizer tokenizer = Tokenizer();
        OutputText text = new(tokenizer, Prompt, [], [5], limit: 100);
        text.Cut([.. Prompt, 4, 5, 6], Prompt.Length);
        Assert.Equal(("ac", 3), (text.ToString(), text.Tokens));
    }

    // Plays the output in steps of so many tokens; what is cut off by a step does not come back.
    private static (string Text, string Shown, int Kept) Play(Tokenizer tokenizer, int[] output, string[] stops, int group)
    {
        OutputText text = new(tokenizer, Prompt, stops, [], limit: 1000);
        string shown = "";
        for (int from = 0; from < output.Length; from += group)
        {
            int end = Math.Min(output.Length, from + group);
            int cut = text.Cut([.. Prompt, .. output[..end]], Prompt.Length + from);
            Assert.True(cut == -1 || cut == Prompt.Length + text.Tokens);
            if (cut < 0 && end == output.Length) text.End();
            shown += string.Concat(text.Take().Select(t => t.Text));
            if (cut >= 0) break;
        }
        return (text.ToString(), shown, text.Tokens);
    }
}
