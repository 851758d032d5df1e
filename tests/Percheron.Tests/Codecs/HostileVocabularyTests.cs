using System.Text;
using System.Text.Json.Nodes;
using Percheron.Codecs;
using Percheron.Codecs.HuggingFace;
using Percheron.Formats;
using Percheron.Tests.Formats;
using Xunit;

namespace Percheron.Tests.Codecs;

/// <summary>A damaged or hostile vocabulary ends in one clear error or in a tokenizer that works; never in a crash or a hang.</summary>
public sealed class HostileVocabularyTests
{
    private const string Sample = "Hello  wörld 123\r\n\t'S 🦙 <s>\uD800 ▁x<0x41>";

    private static readonly string[] Files =
    [
        """
        {"added_tokens":[{"id":5,"content":"<s>","special":true,"lstrip":true},{"id":6,"content":"x","normalized":true,"single_word":true}],
        "normalizer":{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Replace","pattern":{"Regex":" {2,}"},"content":" "}]},
        "pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"\\p{N}{1,3}"},"behavior":"Isolated","invert":false},
        {"type":"Split","pattern":{"Regex":"a(?!b)|c"},"behavior":"MergedWithNext"},{"type":"Digits","individual_digits":true},{"type":"Punctuation"},{"type":"ByteLevel","add_prefix_space":false,"use_regex":true}]},
        "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}]},
        "model":{"type":"BPE","ignore_merges":true,"vocab":{"H":0,"e":1,"l":2,"He":3,"ll":4},"merges":["H e",["l","l"]]}}
        """,
        """
        {"added_tokens":[{"id":0,"content":"<unk>","special":true},{"id":1,"content":"<s>","special":true}],
        "normalizer":{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},{"type":"Replace","pattern":{"String":" "},"content":"▁"}]},
        "decoder":{"type":"Sequence","decoders":[{"type":"ByteFallback"},{"type":"Strip","content":" ","start":1,"stop":0}]},
        "model":{"type":"BPE","unk_token":"<unk>","fuse_unk":true,"byte_fallback":true,"vocab":{"<unk>":0,"<s>":1,"<0x41>":2,"▁":3,"H":4,"▁H":5,"l":6,"ll":7},"merges":["▁ H","l l"]}}
        """,
        """
        {"normalizer":{"type":"Sequence","normalizers":[{"type":"Nmt"},{"type":"Lowercase"},{"type":"Strip","strip_left":true},{"type":"StripAccents"}]},
        "pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"WhitespaceSplit"},{"type":"Metaspace","replacement":"▁","prepend_scheme":"first","split":true}]},
        "post_processor":{"type":"RobertaProcessing","sep":["</s>",1],"cls":["<s>",2]},
        "model":{"type":"Unigram","unk_id":0,"byte_fallback":false,"vocab":[["<unk>",0.0],["</s>",0],["<s>",-0.5],["▁",-2.5],["h",-3],["▁he",-1.25],["l",-4],["llo",-6]]}}
        """,
    ];

    [Fact]
    public void Files_are_read_as_they_are_meant()
    {
        foreach (string file in Files) Assert.NotEmpty(Read(Encoding.UTF8.GetBytes(file)).Encode(Sample));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Mutated_files_end_in_one_error_or_in_a_tokenizer_that_works(int which)
    {
        byte[] file = Encoding.UTF8.GetBytes(Files[which]);
        Random random = new(which);
        int rejected = 0;
        for (int round = 0; round < 4000; round++)
        {
            byte[] mutated = round % 2 == 0 ? MutateBytes(file, random) : MutateTree(Files[which], random);
            try
            {
                Exercise(Read(mutated));
            }
            catch (ModelFormatException)
            {
                rejected++;
            }
        }
        Assert.InRange(rejected, 400, 3900);
    }

    [Theory]
    [InlineData("tokens", "vocabulary")]
    [InlineData("scores", "scores")]
    [InlineData("token_type", "token types")]
    [InlineData("bos_token_id", "bos_token_id")]
    [InlineData("nan", "not a number")]
    [InlineData("model", "not supported")]
    public void A_gguf_vocabulary_that_lies_is_refused(string fault, string reason)
    {
        GgufWriter writer = new();
        writer.Add("tokenizer.ggml.model", fault == "model" ? "rwkv" : "llama");
        writer.Add("tokenizer.ggml.tokens", fault == "tokens" ? Array.Empty<string>() : ["<unk>", "<s>", "</s>", "a"]);
        writer.Add("tokenizer.ggml.scores", fault switch { "scores" => [1f, 2f], "nan" => [0f, 0f, 0f, float.NaN], _ => new float[] { 0, 0, 0, 1 } });
        writer.Add("tokenizer.ggml.token_type", fault == "token_type" ? [1, 1, 1, 1, 1] : new[] { 2, 3, 3, 1 });
        writer.Add("tokenizer.ggml.bos_token_id", fault == "bos_token_id" ? 4u : 1u);
        ModelFormatException error = Assert.Throws<ModelFormatException>(() => ReadGguf(writer));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense", "a b", "'nonsense' is not known")]
    [InlineData("gpt-2", "ab", "two symbols")]
    [InlineData("gpt-2", "a ", "two symbols")]
    public void A_byte_level_vocabulary_that_lies_is_refused(string pre, string merge, string reason)
    {
        GgufWriter writer = ByteLevel(pre, [merge]);
        ModelFormatException error = Assert.Throws<ModelFormatException>(() => ReadGguf(writer));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Merges_through_texts_that_are_no_tokens_end_as_their_bytes()
    {
        Tokenizer tokenizer = ReadGguf(ByteLevel("gpt-2", ["b c", "a bc", "x y"]));
        Assert.Equal([0, 1, 2], tokenizer.Encode("abc"));
        Assert.Equal([3], tokenizer.Encode("ab"));
        Assert.Equal([0], tokenizer.Encode("xya"));
    }

    [Fact]
    public void Very_long_words_are_encoded()
    {
        Tokenizer bytes = ReadGguf(ByteLevel("llama-bpe", ["a a", "aa aa", "a b"]));
        foreach (string unit in (ReadOnlySpan<string>)["a", " ", "\n", "ab", "\t", "1", "'", "é", "\uD83D"])
        {
            string text = string.Concat(Enumerable.Repeat(unit, 300_000));
            Exercise(bytes, text);
        }
        Tokenizer pieces = Read(Encoding.UTF8.GetBytes(Files[1]));
        Exercise(pieces, new string('l', 1 << 20));
        Exercise(Read(Encoding.UTF8.GetBytes(Files[2])), new string('l', 1 << 20));
    }

    private static Tokenizer Read(byte[] json) => TokenizerJson.Read("made in memory/tokenizer.json", json);

    private static Tokenizer ReadGguf(GgufWriter writer)
    {
        using TemporaryFile temporary = new(writer);
        using GgufFile file = GgufFile.Open(temporary.Path);
        return Tokenizer.FromGguf(file);
    }

    private static GgufWriter ByteLevel(string pre, string[] merges)
    {
        GgufWriter writer = new();
        writer.Add("tokenizer.ggml.model", "gpt2");
        writer.Add("tokenizer.ggml.pre", pre);
        writer.Add("tokenizer.ggml.tokens", new[] { "a", "b", "c", "ab", "aa", "aaaa" });
        writer.Add("tokenizer.ggml.merges", merges.Append("a b").ToArray());
        return writer;
    }

    private static void Exercise(Tokenizer tokenizer, string text = Sample)
    {
        int[] ids = tokenizer.Encode(text);
        Assert.All(ids.Distinct(), id => Assert.InRange(id, 0, tokenizer.VocabularySize - 1));
        tokenizer.Decode(ids);
    }

    private static byte[] MutateBytes(byte[] file, Random random)
    {
        List<byte> bytes = [.. file];
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 20), bytes.Count - at)));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
            if (bytes.Count == 0) bytes.Add((byte)'{');
        }
        return [.. bytes];
    }

    /// <summary>Puts a value of another kind somewhere, so that the file stays JSON.</summary>
    private static byte[] MutateTree(string file, Random random)
    {
        JsonNode root = JsonNode.Parse(file)!;
        List<JsonNode> nodes = [];
        Collect(root, nodes);
        JsonNode at = nodes[random.Next(1, nodes.Count)];
        if (random.Next(5) == 0 && at.Parent is JsonObject parent) parent.Remove(at.GetPropertyName());
        else at.ReplaceWith(Value(random));
        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    private static JsonNode? Value(Random random) => random.Next(12) switch
    {
        0 => -1,
        1 => int.MaxValue,
        2 => 1e300,
        3 => "",
        4 => "H",
        5 => "(",
        6 => "▁",
        7 => true,
        8 => new JsonArray(),
        9 => new JsonObject(),
        10 => new JsonArray("l", "l"),
        _ => null,
    };

    private static void Collect(JsonNode node, List<JsonNode> nodes)
    {
        nodes.Add(node);
        IEnumerable<JsonNode?> children = node switch { JsonObject members => members.Select(member => member.Value), JsonArray items => items, _ => [] };
        foreach (JsonNode? child in children)
            if (child is not null) Collect(child, nodes);
    }
}
