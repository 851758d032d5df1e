using System.Text.Json.Nodes;
using Percheron.Cli.Tests.Support;
using Xunit;

namespace Percheron.Cli.Tests.Commands;

public class GenerateCommandTests
{
    // The drafter of this assembly: it works before any other exists.
    private static readonly string[] Parrot = ["--plugin", typeof(ParrotDrafter).Assembly.Location, "--drafter", "parrot"];

    private static readonly string[] Flat = ["--temperature", "3", "--top-k", "0", "--top-p", "1", "--min-p", "0", "--seed", "7"];

    [Fact]
    public void Json_follows_the_contract()
    {
        using TinyModel model = new();
        JsonNode json = Generate(model, "abc the", "-n", "20", "--seed", "5", "--json").Json;
        foreach (string field in new[] { "model", "drafter", "verifier", "seed", "prompt_tokens", "tokens", "text", "finish_reason", "stats" }) Assert.NotNull(json[field]);
        foreach (string field in new[]
        {
            "steps", "committed", "offered", "accepted", "accepted_length", "accepted_by_depth", "prefill_ms", "prefill_tokens_per_second", "decode_ms",
            "decode_tokens_per_second", "draft_ms", "target_ms", "verify_ms", "peak_memory_bytes", "cache_bytes",
        }) Assert.NotNull(json["stats"]![field]);
        Assert.Equal((5, "parrot", "coupled", model.Path), ((int)json["seed"]!, (string?)json["drafter"], (string?)json["verifier"], (string?)json["model"]));
        Assert.Equal("[1,3,30,6,33]", json["prompt_tokens"]!.ToJsonString());
        Assert.True(Tokens(json).Length <= 20);
    }

    [Fact]
    public void Streamed_text_is_the_text_of_json_and_nothing_else()
    {
        using TinyModel model = new();
        Run streamed = Generate(model, "abc", "-n", "40", "--seed", "5");
        Assert.Equal((string?)Generate(model, "abc", "-n", "40", "--seed", "5", "--json").Json["text"], streamed.Output);
        Assert.Contains("seed 5", streamed.Error, StringComparison.Ordinal);
        Assert.Contains("tokens/s", streamed.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0.8")]
    public void A_draft_changes_nothing(string temperature)
    {
        using TinyModel model = new();
        string[] options = ["abc", "-n", "60", "--seed", "3", "--temperature", temperature, "--json"];
        JsonNode plain = Generate(model, [.. options, "--budget", "0"]).Json, drafted = Generate(model, options).Json;
        Assert.Equal(0, (int)plain["stats"]!["offered"]!);
        Assert.True((int)drafted["stats"]!["offered"]! > 0);
        Assert.Equal(Tokens(plain), Tokens(drafted));
        Assert.Equal((string?)plain["text"], (string?)drafted["text"]);
    }

    [Theory]
    [InlineData("0", "0")]
    [InlineData("0", "8")]
    [InlineData("0.8", "0")]
    [InlineData("0.8", "8")]
    public void Each_of_several_texts_is_what_its_seed_gives_alone(string temperature, string budget)
    {
        using TinyModel model = new();
        string[] options = ["abc the", "-n", "40", "--temperature", temperature, "--json"];
        JsonNode together = Generate(model, [.. options, "--seed", "3", "--samples", "4", "--budget", budget]).Json;
        Assert.Equal(budget == "0", (int)together["stats"]!["offered"]! == 0);
        JsonArray samples = together["samples"]!.AsArray();
        Assert.Equal([0, 1, 2, 3], samples.Select(s => (int)s!["index"]!));
        Assert.Equal(3u, (ulong)samples[0]!["seed"]!);
        foreach (JsonNode? sample in samples)
        {
            JsonNode alone = Generate(model, [.. options, "--seed", sample!["seed"]!.ToString()]).Json;
            foreach (string field in new[] { "seed", "tokens", "text", "finish_reason" }) Assert.Equal(alone[field]!.ToJsonString(), sample[field]!.ToJsonString());
            Assert.Null(alone["samples"]);
        }
        Assert.Equal(samples[0]!["tokens"]!.ToJsonString(), together["tokens"]!.ToJsonString());
        if (temperature != "0") Assert.Equal(4, samples.Select(s => (string?)s!["text"]).Distinct().Count());
    }

    [Fact]
    public void Several_texts_stand_under_headings_and_the_summary_is_of_all()
    {
        using TinyModel model = new();
        string[] options = ["abc", "-n", "40", "--seed", "3"];
        JsonArray samples = Generate(model, [.. options, "--samples", "3", "--json"]).Json["samples"]!.AsArray();
        Run shown = Generate(model, [.. options, "--samples", "3"]);
        string expected = string.Join('\n', samples.Select(s => $"--- sample {s!["index"]}, seed {s["seed"]} ---\n{s["text"]}"));
        Assert.Equal(expected, shown.Output.ReplaceLineEndings("\n"));
        Assert.Contains($"3 texts, {samples.Sum(s => Tokens(s!).Length)} tokens", shown.Error, StringComparison.Ordinal);
        Assert.Equal(Generate(model, options).Output, Generate(model, [.. options, "--samples", "1"]).Output);
    }

    [Fact]
    public void Several_texts_are_compared_each_and_need_memory_each()
    {
        using TinyModel model = new();
        JsonNode same = Generate(model, "abc", "-n", "30", "--seed", "3", "--samples", "3", "--compare", "--repeats", "1", "--json").Json;
        Assert.True((bool)same["identical"]!);
        Assert.Equal(3, same["samples"]!.AsArray().Count);
        Assert.Contains("does not fit", Generate(model, "abc", "--samples", "1000000000").Fails(1), StringComparison.Ordinal);
        Assert.Contains("--samples must be at least 1", Generate(model, "abc", "--samples", "0").Fails(2), StringComparison.Ordinal);
    }

    [Fact]
    public void Eos_ends_the_text_and_is_not_shown()
    {
        using TinyModel model = new();
        JsonNode stopped = Generate(model, ["abc", "-n", "100", "--json", .. Flat]).Json;
        Assert.Equal("stop", (string?)stopped["finish_reason"]);
        Assert.Equal(TinyModel.Eos, Tokens(stopped)[^1]);
        Assert.DoesNotContain("</s>", (string?)stopped["text"], StringComparison.Ordinal);

        JsonNode ignored = Generate(model, ["abc", "-n", "100", "--json", "--ignore-eos", .. Flat]).Json;
        Assert.Equal(("length", 100), ((string?)ignored["finish_reason"], Tokens(ignored).Length));
        Assert.Equal(Tokens(stopped), Tokens(ignored).Take(Tokens(stopped).Length));
        Assert.StartsWith((string?)stopped["text"], (string?)ignored["text"], StringComparison.Ordinal);
    }

    [Fact]
    public void The_end_of_the_text_waits_for_the_least_length()
    {
        using TinyModel model = new();
        int stopped = Tokens(Generate(model, ["abc", "-n", "200", "--json", .. Flat]).Json).Length;
        int[] tokens = Tokens(Generate(model, ["abc", "-n", "200", "--min-tokens", $"{stopped + 5}", "--json", .. Flat]).Json);
        Assert.True(tokens.Length > stopped + 5, $"{tokens.Length} tokens");
        Assert.DoesNotContain(TinyModel.Eos, tokens[..(stopped + 5)]);
        Assert.Contains("--min-tokens", Generate(model, "abc", "--min-tokens", "-1").Error, StringComparison.Ordinal);
    }

    // Its table of neighbours is the model's own embedding, which a spec need not name.
    [Fact]
    public void Grouped_acceptance_finds_its_vectors_in_the_target()
    {
        using TinyModel model = new();
        JsonNode json = Generate(model, ["abc", "-n", "40", "--json", "--ignore-eos", "--verifier", "grouped(delta=0.5)", .. Flat]).Json;
        Assert.Equal((40, "grouped(delta=0.5)"), (Tokens(json).Length, (string?)json["verifier"]));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2.6")]
    [InlineData("4")]
    public void A_forced_length_is_what_a_step_commits(string length)
    {
        using TinyModel model = new(), draft = new(seed: 2);
        string[] options = ["generate", "-m", model.Path, "-md", draft.Path, "abc", "-n", "90", "--seed", "3", "--ignore-eos", "--synthetic-length", length, "--budget", "3", "--drafter", "model(depth=3, confidence=0)"];
        JsonNode json = Run.Of([.. options, "--json"]).Json;
        (double wanted, int steps) = (double.Parse(length, System.Globalization.CultureInfo.InvariantCulture), (int)json["stats"]!["steps"]!);
        Assert.True((bool)json["synthetic"]!);
        Assert.InRange(90 - (wanted * steps), -wanted, 1);
        Assert.Equal(steps * 3, (int)json["stats"]!["offered"]!, tolerance: 12);
        Run run = Run.Of(options);
        Assert.Equal(0, run.Code);
        Assert.Contains("forced", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_forced_length_that_the_drafter_cannot_offer_is_an_error()
    {
        using TinyModel model = new(), draft = new(seed: 2);
        string[] options = ["generate", "-m", model.Path, "-md", draft.Path, "abc", "-n", "60", "--ignore-eos", "--synthetic-length", "5", "--budget", "3", "--drafter", "model(depth=3, confidence=0)"];
        Run run = Run.Of(options);
        Assert.Equal(1, run.Code);
        Assert.Contains("model(depth=3, confidence=0) offered 3 (accepted length 4)", run.Error, StringComparison.Ordinal);
        Assert.Contains("--compare", Run.Of([.. options, "--compare"]).Fails(2), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stop_string_is_never_shown_in_part()
    {
        using TinyModel model = new();
        string[] options = ["abc", "-n", "60", "--ignore-eos", .. Flat];
        string whole = (string)Generate(model, [.. options, "--json"]).Json["text"]!;
        for (int at = 5; at < 30; at += 4)
        {
            string stop = whole.Substring(at, 3), expected = whole[..whole.IndexOf(stop, StringComparison.Ordinal)];
            JsonNode json = Generate(model, [.. options, "--stop", stop, "--stop", "never", "--json"]).Json;
            Assert.Equal((expected, "stop"), ((string?)json["text"], (string?)json["finish_reason"]));
            Assert.Equal(expected, Generate(model, [.. options, "--stop", stop]).Output);
            Assert.Equal(Tokens(json), Tokens(Generate(model, [.. options, "--stop", stop, "--budget", "0", "--json"]).Json));
        }
    }

    [Fact]
    public void Prompt_tokens_get_nothing_added()
    {
        using TinyModel model = new();
        Assert.Equal("[5,6]", Generate(model, "--prompt-tokens", "5,6", "-n", "1", "--json").Json["prompt_tokens"]!.ToJsonString());
    }

    [Fact]
    public void A_prompt_file_is_a_prompt()
    {
        using TinyModel model = new();
        string path = Path.GetTempFileName();
        File.WriteAllText(path, "abc the\n");
        JsonNode json = Generate(model, "--prompt-file", path, "-n", "1", "--json").Json;
        File.Delete(path);
        Assert.Equal("[1,3,30,6,33]", json["prompt_tokens"]!.ToJsonString());
    }

    [Fact]
    public void The_context_ends_the_text()
    {
        using TinyModel model = new();
        JsonNode json = Generate(model, "--prompt-tokens", "1,5", "-n", "-1", "--ignore-eos", "-c", "40", "--json").Json;
        Assert.Equal((38, "length"), (Tokens(json).Length, (string?)json["finish_reason"]));
    }

    [Fact]
    public void No_tokens_are_no_text()
    {
        using TinyModel model = new();
        JsonNode json = Generate(model, "abc", "-n", "0", "--json").Json;
        Assert.Equal(("", "length", 0), ((string?)json["text"], (string?)json["finish_reason"], Tokens(json).Length));
    }

    [Fact]
    public void Log_probabilities_are_those_of_score()
    {
        using TinyModel model = new();
        JsonNode json = Generate(model, "--prompt-tokens", "1,5,6", "-n", "30", "--ignore-eos", "--seed", "4", "--logprobs", "3", "--json").Json;
        string all = string.Join(',', json["prompt_tokens"]!.AsArray().Concat(json["tokens"]!.AsArray()).Select(n => n!.ToJsonString()));
        JsonArray scored = Run.Of("score", "-m", model.Path, "--tokens", all, "--json").Json["log_probabilities"]!.AsArray();
        Assert.Equal(scored.Skip(3).Select(n => (double)n!), json["log_probabilities"]!.AsArray().Select(n => (double)n!));
        Assert.All(json["top_log_probabilities"]!.AsArray(), place => Assert.Equal(3, place!.AsArray().Count));
    }

    [Fact]
    public void A_seed_that_is_not_given_is_random_and_printed()
    {
        using TinyModel model = new();
        long[] seeds = [.. Enumerable.Range(0, 3).Select(_ => (long)Generate(model, "abc", "-n", "1", "--json").Json["seed"]!)];
        Assert.True(seeds.Distinct().Count() > 1);
    }

    [Fact]
    public void Ctrl_C_ends_the_text_with_a_summary()
    {
        using TinyModel model = new();
        Run run = Run.Of(["generate", "-m", model.Path, "abc", .. Parrot], stop: new CancellationToken(canceled: true));
        Assert.Equal((0, ""), (run.Code, run.Output));
        Assert.Contains("ended by Ctrl-C", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Colour_is_for_terminals()
    {
        using TinyModel model = new();
        string[] options = ["generate", "-m", model.Path, "abc", "-n", "40", "--temperature", "0", "--color", "--drafter", "parrot", .. Parrot[..2], "--budget", "8"];
        Run piped = Run.Of(options), shown = Run.Of(options, terminal: true);
        Assert.DoesNotContain('\e', piped.Output);
        Assert.Contains("\e[32m", shown.Output, StringComparison.Ordinal);
        Assert.Equal(piped.Output + Environment.NewLine, shown.Output.Replace("\e[32m", "", StringComparison.Ordinal).Replace("\e[0m", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2, "no prompt")]
    [InlineData(2, "one prompt", "a", "-p", "b")]
    [InlineData(2, "--top-p", "a", "--top-p", "0")]
    [InlineData(2, "--temperature", "a", "--temperature", "-1")]
    [InlineData(2, "--budget", "a", "--budget", "some")]
    [InlineData(2, "--threads", "a", "-t", "0")]
    [InlineData(2, "--cache-type", "a", "--cache-type", "q8_0")]
    [InlineData(2, "ids", "--prompt-tokens", "1,two")]
    [InlineData(2, "parrot", "a", "--drafter", "parakeet")]
    [InlineData(2, "coupled", "a", "--verifier", "uncoupled")]
    [InlineData(2, "or -1", "a", "--drafter", "self(skip=9)")]
    [InlineData(1, "vocabulary", "--prompt-tokens", "1,500")]
    [InlineData(1, "128", "a", "-c", "4096")]
    [InlineData(1, "no file", "--prompt-file", "/no/such/file")]
    public void Says_what_is_wrong(int code, string named, params string[] arguments)
    {
        using TinyModel model = new();
        Assert.Contains(named, Run.Of(["generate", "-m", model.Path, .. Parrot[..2], .. arguments.Contains("--drafter") ? [] : Parrot[2..], .. arguments]).Fails(code), StringComparison.Ordinal);
    }

    [Fact]
    public void A_prompt_longer_than_the_context_is_a_failure()
    {
        using TinyModel model = new();
        string ids = string.Join(',', Enumerable.Repeat("5", 129));
        Assert.Contains("129", Generate(model, "--prompt-tokens", ids).Fails(1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("generate", "abc")]
    [InlineData]
    public void A_missing_embedded_model_says_what_to_do(params string[] arguments)
    {
        string message = Run.Of(arguments).Fails(1);
        Assert.Contains("embedded model is missing", message, StringComparison.Ordinal);
        Assert.Contains("-m", message, StringComparison.Ordinal);
    }

    private static Run Generate(TinyModel model, params string[] options) => Run.Of(["generate", "-m", model.Path, .. Parrot, .. options]);

    private static int[] Tokens(JsonNode json) => [.. json["tokens"]!.AsArray().Select(n => (int)n!)];
}
