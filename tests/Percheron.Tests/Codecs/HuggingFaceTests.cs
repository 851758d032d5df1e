using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.Tokenizers;
using Percheron.Formats;
using Percheron.Tests.Support;
using Xunit;
using Tokenizer = Percheron.Codecs.Tokenizer;

namespace Percheron.Tests.Codecs;

/// <summary>GPT-2's tokenizer in the three forms it was published in gives the same ids everywhere.</summary>
public sealed class HuggingFaceTests
{
    [Fact]
    public void Gpt2_gives_the_published_ids_of_a_source_file()
    {
        string code = File.ReadAllText(SharedData.Require("tokenizers/lib.rs.txt"));
        int[] expected = JsonSerializer.Deserialize<int[]>(File.ReadAllText(SharedData.Require("tokenizers/tokens_gpt2.json")))!;
        foreach (Tokenizer tokenizer in Gpt2())
        {
            int[] actual = tokenizer.Encode(code);
            Assert.Equal(expected, actual);
            Assert.Equal(code, tokenizer.Decode(actual));
        }
    }

    [Fact]
    public void Gpt2_agrees_with_another_implementation()
    {
        BpeTokenizer oracle = BpeTokenizer.Create(new BpeOptions(SharedData.Require("tokenizers/encoder.json"), SharedData.Require("tokenizers/vocab.bpe"))
        {
            ByteLevel = true,
            PreTokenizer = new RegexPreTokenizer(new(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"), null),
        });
        string prose = File.ReadAllText(SharedData.Require("text/bronte.txt"))[..200_000];
        (string Text, int[] Ids)[] vectors = VocabularyVectorsTests.Vectors(SharedData.Require("tokenizers/gguf/ggml-vocab-gpt-2.gguf"));
        foreach (Tokenizer tokenizer in Gpt2())
        {
            Assert.Equal(oracle.EncodeToIds(prose), tokenizer.Encode(prose));
            foreach ((string text, int[] ids) in vectors) Assert.Equal(ids, tokenizer.Encode(text));
        }
    }

    [Fact]
    public void Added_runs_of_blanks_are_found_before_words()
    {
        // The file at hand adds tokens for runs of 2 to 31 spaces and 2 to 9 tabs: they are not special, so they are found whatever the caller says.
        Tokenizer tokenizer = Tokenizer.FromHuggingFace(SharedData.Require("tokenizers/gpt2-tokenizer.json"));
        string code = File.ReadAllText(SharedData.Require("tokenizers/lib.rs.txt"));
        int[] ids = tokenizer.Encode(code, parseSpecial: false);
        Assert.Equal(code, tokenizer.Decode(ids));
        Assert.Contains(ids, id => id > 50256);
        Assert.Equal(new string(' ', 31), tokenizer.PieceText(tokenizer.Encode(new string(' ', 31)).Single()));
        Assert.Equal([50256], tokenizer.Encode("<|endoftext|>"));
        Assert.DoesNotContain(50256, tokenizer.Encode("<|endoftext|>", parseSpecial: false));
    }

    [Fact]
    public void A_sentencepiece_vocabulary_with_listed_merges_gives_the_expected_ids()
    {
        string path = SharedData.Require("tokenizers/gguf/ggml-vocab-phi-3.gguf");
        using GgufFile file = GgufFile.Open(path);
        string[] tokens = file.GetStrings("tokenizer.ggml.tokens");
        float[] scores = file.GetFloats("tokenizer.ggml.scores");
        int[] kinds = file.GetInts("tokenizer.ggml.token_type");
        Dictionary<string, int> ids = tokens.Select((token, id) => (token, id)).ToDictionary(pair => pair.token, pair => pair.id);
        // As the converter of that format does it: all ways to make each token of two, in the order of its score.
        List<(string Left, string Right, float Score)> merges = [];
        for (int id = 0; id < tokens.Length; id++)
            for (int at = 1; kinds[id] == 1 && at < tokens[id].Length; at++)
                if (ids.ContainsKey(tokens[id][..at]) && ids.ContainsKey(tokens[id][at..])) merges.Add((tokens[id][..at], tokens[id][at..], scores[id]));
        string json = JsonSerializer.Serialize(new
        {
            added_tokens = tokens.Select((token, id) => new { id, content = token, special = true, normalized = false }).Where(token => kinds[token.id] is 2 or 3),
            normalizer = new { type = "Sequence", normalizers = new object[] { new { type = "Prepend", prepend = "\u2581" }, new { type = "Replace", pattern = new { String = " " }, content = "\u2581" } } },
            pre_tokenizer = (object?)null,
            post_processor = new { type = "TemplateProcessing", single = new object[] { new { SpecialToken = new { id = "<s>", type_id = 0 } }, new { Sequence = new { id = "A", type_id = 0 } } } },
            decoder = new { type = "Sequence", decoders = new object[] { new { type = "ByteFallback" }, new { type = "Fuse" }, new { type = "Strip", content = " ", start = 1, stop = 0 } } },
            model = new { type = "BPE", unk_token = "<unk>", fuse_unk = true, byte_fallback = true, vocab = ids, merges = merges.OrderByDescending(merge => merge.Score).Select(merge => new[] { merge.Left, merge.Right }) },
        });
        Tokenizer tokenizer = Read(json);
        foreach ((string text, int[] expected) in VocabularyVectorsTests.Vectors(path))
        {
            Assert.Equal(expected, tokenizer.Encode(text, addSpecial: false));
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
        }
        Assert.Equal([1, 32001, 15043], tokenizer.Encode("<|assistant|>Hello"));
    }

    [Fact]
    public void A_byte_level_vocabulary_with_several_splitters_gives_the_expected_ids()
    {
        string path = SharedData.Require("tokenizers/gguf/ggml-vocab-refact.gguf");
        using GgufFile file = GgufFile.Open(path);
        Dictionary<string, int> ids = file.GetStrings("tokenizer.ggml.tokens").Select((token, id) => (token, id)).ToDictionary(pair => pair.token, pair => pair.id);
        string json = JsonSerializer.Serialize(new
        {
            pre_tokenizer = new { type = "Sequence", pretokenizers = new object[] { new { type = "Digits", individual_digits = true }, new { type = "ByteLevel", add_prefix_space = false, use_regex = true } } },
            model = new { type = "BPE", vocab = ids, merges = file.GetStrings("tokenizer.ggml.merges") },
        });
        Tokenizer tokenizer = Read(json);
        foreach ((string text, int[] expected) in VocabularyVectorsTests.Vectors(path)) Assert.Equal(expected, tokenizer.Encode(text));
    }

    private static Tokenizer Read(string json)
    {
        string folder = Directory.CreateTempSubdirectory("percheron").FullName;
        try
        {
            string path = Path.Combine(folder, "tokenizer.json");
            File.WriteAllText(path, json);
            return Tokenizer.FromHuggingFace(path);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<Tokenizer> Gpt2()
    {
        yield return Tokenizer.FromGpt2Files(SharedData.Require("tokenizers/encoder.json"), SharedData.Require("tokenizers/vocab.bpe"));
        JsonNode json = JsonNode.Parse(File.ReadAllText(SharedData.Require("tokenizers/gpt2-tokenizer.json")))!;
        json["added_tokens"]!.AsArray().RemoveAll(token => (int)token!["id"]! > 50256);
        yield return Read(json.ToJsonString());
        yield return VocabularyVectorsTests.Read(SharedData.Require("tokenizers/gguf/ggml-vocab-gpt-2.gguf"));
    }
}
