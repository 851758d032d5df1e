using System.Text.Json.Nodes;
using Percheron.Cli.Tests.Support;
using Percheron.Formats;
using Xunit;

namespace Percheron.Cli.Tests.Hosting;

public sealed class ModelHostTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("percheron-models-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_draft_with_more_tokens_is_refused()
    {
        using TinyModel target = new(), draft = new(extra: ["zz"]);
        Assert.Contains("it has 37 tokens, the target 36", Refusal(target, draft), StringComparison.Ordinal);
    }

    [Fact]
    public void A_draft_with_other_tokens_is_refused()
    {
        using TinyModel target = new(), draft = new(change: (7, "ö"));
        Assert.Contains("token 7 is 'ö' there and 'd' in the target", Refusal(target, draft), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model(vocabulary=tli, confidence=0)")]
    [InlineData("string-match(confidence=0)")]
    [InlineData("cascade(ngram)")]
    public void A_draft_with_other_tokens_drafts_for_who_translates(string drafter)
    {
        using TinyModel target = new(), draft = new(seed: 2, change: (7, "ö"), extra: ["zz"]);
        foreach (string temperature in (string[])["0", "1"])
        {
            JsonNode json = Run.Of("generate", "--compare", "--repeats", "1", "-m", target.Path, "-md", draft.Path, "abc", "-n", "60", "--temperature", temperature, "--ignore-eos", "--drafter", drafter, "--json").Json;
            Assert.True((bool)json["identical"]!);
            Assert.True((int)json["speculative"]!["offered"]! > 0);
        }
    }

    [Fact]
    public void A_head_is_read_from_its_file()
    {
        using TinyModel target = new();
        string head = Path.Combine(_folder, "head.gguf");
        WriteHead(head, vocabulary: TinyModel.Vocabulary);
        foreach (string temperature in (string[])["0", "1"])
        {
            JsonNode json = Run.Of("generate", "--compare", "--repeats", "1", "-m", target.Path, "abc", "-n", "60", "--temperature", temperature, "--ignore-eos", "--drafter", $"medusa(@{head}, confidence=0)", "--json").Json;
            Assert.True((bool)json["identical"]!);
            Assert.True((int)json["speculative"]!["offered"]! > 0);
        }
    }

    [Fact]
    public void A_head_that_does_not_fit_or_is_not_there_is_refused()
    {
        using TinyModel target = new();
        string head = Path.Combine(_folder, "head.gguf");
        WriteHead(head, vocabulary: 40);
        string[] options = ["generate", "-m", target.Path, "abc", "-n", "8", "--drafter"];
        Assert.Contains("belongs to another model", Run.Of([.. options, $"medusa(@{head})"]).Fails(1), StringComparison.Ordinal);
        Assert.Contains("there is no file", Run.Of([.. options, $"medusa(@{head}.other)"]).Fails(1), StringComparison.Ordinal);
        Assert.Contains("it describes no head of a known layout", Run.Of([.. options, $"medusa(@{Described("{}")})"]).Fails(1), StringComparison.Ordinal);
        Assert.Contains("medusa needs a medusa: give one as @file", Run.Of([.. options, "medusa"]).Fails(2), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("medusa.gguf", "medusa(confidence=0)")]
    [InlineData("percheron-docs-medusa.gguf", "union(ngram, medusa(confidence=0))")]
    public void Heads_are_found_in_the_folder_that_is_named(string name, string drafter)
    {
        using TinyModel target = new();
        WriteHead(Path.Combine(_folder, name), vocabulary: TinyModel.Vocabulary);
        JsonNode json = Run.Of("generate", "--compare", "--repeats", "1", "-m", target.Path, "abc", "-n", "60", "--temperature", "1", "--ignore-eos", "--heads", _folder, "--drafter", drafter, "--json").Json;
        Assert.True((bool)json["identical"]!);
        Assert.True((int)json["speculative"]!["offered"]! > 0);
    }

    [Fact]
    public void A_judge_is_found_there_too()
    {
        using TinyModel target = new(), draft = new(seed: 2);
        GgufWriter writer = new();
        writer.Add("general.architecture", "judge");
        writer.Add("judge.embedding_length", 64u);
        writer.Add("judge.vocab_size", (uint)TinyModel.Vocabulary);
        writer.Add("judge.states", new[] { 1 });
        writer.AddTensor("judge.weight", TensorType.F32, [64, 1], Enumerable.Repeat(0.01f, 64).ToArray().AsMemory());
        writer.AddTensor("judge.bias", TensorType.F32, [1], new[] { 9f }.AsMemory());
        writer.Write(Path.Combine(_folder, "judge.gguf"));
        // So sure of itself it takes all that is drafted.
        JsonNode json = Run.Of("generate", "-m", target.Path, "-md", draft.Path, "abc", "-n", "60", "--temperature", "1", "--ignore-eos", "--top-k", "0", "--top-p", "1", "--min-p", "0", "--budget", "3", "--heads", _folder, "--drafter", "model(depth=3, confidence=0)", "--verifier", "judge", "--json").Json;
        Assert.Equal((int)json["stats"]!["offered"]!, (int)json["stats"]!["accepted"]!);
    }

    [Fact]
    public void A_folder_of_heads_that_is_not_there_or_lacks_one_is_told()
    {
        using TinyModel target = new();
        string[] options = ["generate", "-m", target.Path, "abc", "-n", "8", "--drafter", "medusa", "--heads"];
        Assert.Contains("there is no folder", Run.Of([.. options, _folder + "-other"]).Fails(1), StringComparison.Ordinal);
        Assert.Contains("medusa needs a medusa", Run.Of([.. options, _folder]).Fails(2), StringComparison.Ordinal);
    }

    [Fact]
    public void A_draft_with_a_shorter_context_drafts_as_far_as_it_can()
    {
        using TinyModel target = new(), draft = new(seed: 2, context: 32);
        JsonNode json = Run.Of("generate", "--compare", "--repeats", "1", "-m", target.Path, "-md", draft.Path, "abc", "-n", "90", "--ignore-eos", "--drafter", "model", "--json").Json;
        Assert.True((bool)json["identical"]!);
        Assert.True((int)json["speculative"]!["offered"]! > 0);
    }

    [Fact]
    public void A_draft_beside_the_target_changes_nothing()
    {
        using TinyModel target = new(), draft = new(seed: 2);
        string[] options = ["generate", "--compare", "--repeats", "1", "-m", target.Path, "-md", draft.Path, "abc", "-n", "60", "--ignore-eos", "--drafter", "ahead(model(depth=3, confidence=0))", "--json"];
        JsonNode json = Run.Of([.. options, "--threads-draft", "2"]).Json;
        Assert.True((bool)json["identical"]!);
        Assert.True((int)json["speculative"]!["offered"]! > 0);
        Assert.Contains("--threads-draft", Run.Of([.. options, "--threads-draft", "0"]).Fails(2), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_draft_model_says_how_to_give_one()
    {
        using TinyModel target = new();
        Assert.Contains("@file", Run.Of("generate", "-m", target.Path, "abc", "--drafter", "model").Fails(2), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no_vocab")]
    [InlineData("none")]
    public void A_model_that_says_it_has_no_vocabulary_takes_ids(string vocabulary)
    {
        using TinyModel target = new(vocabulary: vocabulary);
        Assert.Equal(4, Run.Of("generate", "-m", target.Path, "--prompt-tokens", "5,6", "-n", "4", "--json").Json["tokens"]!.AsArray().Count);
        Assert.Contains("--prompt-tokens", Run.Of("generate", "-m", target.Path, "abc").Fails(1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/no/such.gguf")]
    [InlineData("/")]
    public void A_model_that_is_not_there_is_named(string path) =>
        Assert.Contains($"'{path}'", Run.Of("generate", "-m", path, "abc").Fails(1), StringComparison.Ordinal);

    [Fact]
    public void A_damaged_model_is_one_line()
    {
        using TinyModel target = new();
        File.WriteAllBytes(target.Path, File.ReadAllBytes(target.Path)[..1000]);
        Assert.Contains(target.Path, Run.Of("generate", "-m", target.Path, "abc").Fails(1), StringComparison.Ordinal);
    }

    [Fact]
    public void The_embedded_pair_is_found_beside_the_executable()
    {
        Embed();
        JsonNode json = Run.Of(["generate", "abc", "-n", "30", "--ignore-eos", "--drafter", "model", "--json"], models: _folder).Json;
        Assert.Equal(Path.Combine(_folder, "percheron-docs-q8_0.gguf"), (string?)json["model"]);
        Assert.True((int)json["stats"]!["offered"]! > 0);
    }

    [Fact]
    public void The_embedded_draft_goes_with_a_copy_of_the_embedded_target_and_with_no_other()
    {
        Embed();
        using TinyModel copy = new(), other = new(seed: 3);
        string[] options = ["abc", "-n", "5", "--drafter", "model", "--json"];
        Assert.True((int)Run.Of(["generate", "-m", copy.Path, .. options], models: _folder).Json["stats"]!["offered"]! > 0);
        Run.Of(["generate", "-m", other.Path, .. options], models: _folder).Fails(2);
    }

    private void Embed()
    {
        _ = new TinyModel(path: Path.Combine(_folder, "percheron-docs-q8_0.gguf"));
        _ = new TinyModel(seed: 2, path: Path.Combine(_folder, "percheron-docs-draft-q8_0.gguf"));
    }

    private static string Refusal(TinyModel target, TinyModel draft) =>
        Run.Of("generate", "-m", target.Path, "-md", draft.Path, "abc", "--drafter", "model").Fails(2);

    private static void WriteHead(string path, int vocabulary)
    {
        const int hidden = 64;
        GgufWriter writer = new();
        writer.Add("general.architecture", "medusa");
        writer.Add("medusa.embedding_length", (uint)hidden);
        writer.Add("medusa.vocab_size", (uint)vocabulary);
        writer.Add("medusa.head_count", 2u);
        Random random = new(1);
        for (int head = 0; head < 2; head++)
            writer.AddTensor($"head.{head}.blk.0.weight", TensorType.F32, [hidden, hidden], Enumerable.Range(0, hidden * hidden).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray().AsMemory());
        writer.Write(path);
    }

    private string Described(string config)
    {
        File.WriteAllText(Path.Combine(_folder, "config.json"), config);
        return _folder;
    }
}
