using System.Text;
using System.Text.Json;
using Percheron.Codecs;
using Percheron.Codecs.HuggingFace;
using Percheron.Tests.Support;
using Xunit;

namespace Percheron.Tests.Codecs;

public sealed class AddedTokensTests
{
    [Theory]
    [InlineData("a<x>b", true, "a <x> b")]
    [InlineData("a<x>b", false, "a < x > b")]
    [InlineData("a  <left>  b", true, "a <left> _ _ b")]
    [InlineData("a  <right>  b", true, "a _ _ <right> b")]
    [InlineData("word", true, "word")]
    [InlineData("words sword word", true, "w o r d s _ s w o r d _ word")]
    [InlineData("<xx><x>x>", true, "<xx> <x> x >")]
    [InlineData("ABC", true, "abc")]
    public void Tokens_are_found_as_they_ask_to_be(string text, bool parseSpecial, string expected)
    {
        Tokenizer tokenizer = Build();
        IEnumerable<string> pieces = tokenizer.Encode(text, addSpecial: false, parseSpecial).Select(id => tokenizer.PieceText(id).Replace('Ġ', '_'));
        Assert.Equal(expected, string.Join(' ', pieces));
    }

    [Fact]
    public void Special_tokens_are_skipped_in_decoding_unless_asked_for()
    {
        Tokenizer tokenizer = Build();
        int[] ids = tokenizer.Encode("a<x>b");
        Assert.Equal("ab", tokenizer.Decode(ids));
        Assert.Equal("a<x>b", tokenizer.Decode(ids, skipSpecial: false));
    }

    [Fact]
    public void Gguf_special_tokens_are_parsed_only_where_asked_for()
    {
        Tokenizer tokenizer = VocabularyVectorsTests.Read(SharedData.Require("tokenizers/gguf/ggml-vocab-phi-3.gguf"));
        Assert.Equal(1, tokenizer.Bos);
        Assert.Equal(32000, tokenizer.Eos);
        Assert.True(tokenizer.AddBos);
        Assert.False(tokenizer.AddEos);
        Assert.Superset(new HashSet<int> { 32000, 32007 }, tokenizer.EndOfGeneration.ToHashSet());
        // What follows a special token of phi-3 loses its leading white space, and gains the space of a new text.
        Assert.Equal([1, 32010, 15043, 32007, 32001], tokenizer.Encode("<|user|>\n Hello<|end|>\n<|assistant|>"));
        int[] plain = tokenizer.Encode("<|end|>", addSpecial: false, parseSpecial: false);
        Assert.DoesNotContain(32007, plain);
        Assert.Equal("<|end|>", tokenizer.Decode(plain));
    }

    [Fact]
    public void A_real_model_reads_back_what_it_wrote()
    {
        Tokenizer tokenizer = VocabularyVectorsTests.Read(SharedData.Require("stories260k/stories260k-f32.gguf"));
        foreach (string text in (ReadOnlySpan<string>)["Once upon a time", " two  spaces ", "Zürich 🦙\n\n", "", "x"])
        {
            int[] ids = tokenizer.Encode(text);
            Assert.Equal(tokenizer.Bos, ids[0]);
            Assert.Equal(text, tokenizer.Decode(ids));
        }
        Assert.Equal(VocabularyVectorsTests.Read(SharedData.Require("stories260k/stories260k-v3-f32.gguf")).Encode("Once upon a time"), tokenizer.Encode("Once upon a time"));
        int[] continuation = tokenizer.Encode(" more", addSpecial: false)[1..];
        Assert.StartsWith(" ", tokenizer.Decode(tokenizer.Encode("more", addSpecial: false), continues: true), StringComparison.Ordinal);
        Assert.NotEmpty(continuation);
    }

    private static Tokenizer Build()
    {
        string[] letters = [.. "abcdefghijklmnopqrstuvwxyz<>Ġ".Select(c => c.ToString())];
        object Token(int id, string content, bool special, bool lstrip = false, bool rstrip = false, bool singleWord = false, bool normalized = false) =>
            new { id, content, special, lstrip, rstrip, single_word = singleWord, normalized };
        string json = JsonSerializer.Serialize(new
        {
            added_tokens = new[]
            {
                Token(100, "<x>", special: true), Token(101, "<xx>", special: true), Token(102, "<left>", special: true, lstrip: true), Token(103, "<right>", special: true, rstrip: true),
                Token(104, "word", special: false, singleWord: true), Token(105, "abc", special: false, normalized: true),
            },
            normalizer = new { type = "Lowercase" },
            pre_tokenizer = new { type = "ByteLevel", add_prefix_space = false },
            model = new { type = "BPE", vocab = letters.Select((letter, id) => (letter, id)).ToDictionary(pair => pair.letter, pair => pair.id), merges = Array.Empty<string>() },
        });
        return TokenizerJson.Read("made in memory/tokenizer.json", Encoding.UTF8.GetBytes(json));
    }
}
