using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Training.Corpus;
using Percheron.Training.Export;
using Percheron.Training.Native;
using Percheron.Training.Online;
using Percheron.Training.Tokens;

namespace Percheron.Training.Commands;

/// <summary><c>percheron-train online</c>: a stream of requests that changes its topic half-way, with a draft that learns from its failures beside the same draft that does not.</summary>
public static class OnlineCommand
{
    private sealed record Request(string Folder, string Model, string Draft, string[] Topics, int Requests, float Temperature, int Threads, double Around, double Rate);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("online", "Improve a draft from the positions at which a running generation refused its guesses, and compare it with the draft as it was.");
        Option<DirectoryInfo> output = new("--out") { Description = "Folder for everything that is made.", DefaultValueFactory = _ => new DirectoryInfo("out/training") };
        Option<FileInfo> model = new("--model", "-m") { Description = "The target's GGUF file.", DefaultValueFactory = _ => new FileInfo(HeadCommand.DefaultModel) };
        Option<FileInfo> draft = new("--model-draft", "-md") { Description = "The draft's GGUF file; it is not changed.", DefaultValueFactory = _ => new FileInfo("models/percheron-docs-draft-q8_0.gguf") };
        Option<string> topics = new("--topics") { Description = "What the first and the second half are about: how the names of members begin, or @FILE.jsonl with a prompt a line.", DefaultValueFactory = _ => "System.Runtime.Intrinsics,Microsoft.AspNetCore" };
        Option<int> requests = new("--requests") { Description = "Requests, half of them on each topic.", DefaultValueFactory = _ => 256 };
        Option<float> temperature = new("--temperature") { Description = "Of the answers." };
        Option<int> threads = new("--threads") { Description = "Threads.", DefaultValueFactory = _ => Environment.ProcessorCount };
        Option<double> around = new("--around") { Description = "Weight of answers whose guess was not refused; 0 learns from refused guesses alone.", DefaultValueFactory = _ => 1 };
        Option<double> rate = new("--rate") { Description = "Rate of a lesson.", DefaultValueFactory = _ => 3e-4 };
        foreach (Option option in (Option[])[output, model, draft, topics, requests, temperature, threads, around, rate]) command.Options.Add(option);
        command.SetAction(parsed => Run(new Request(parsed.GetRequiredValue(output).FullName, parsed.GetRequiredValue(model).FullName, parsed.GetRequiredValue(draft).FullName,
            parsed.GetRequiredValue(topics).Split(',', StringSplitOptions.TrimEntries), parsed.GetValue(requests), parsed.GetValue(temperature), parsed.GetValue(threads), parsed.GetValue(around), parsed.GetValue(rate))));
        return command;
    }

    private static int Run(Request request)
    {
        if (request.Topics.Length != 2 || request.Requests < 4) throw new ArgumentException("--topics takes two beginnings of member names, and --requests at least 4.");
        TorchRuntime.Start(request.Threads);
        Directory.CreateDirectory(request.Folder);
        BpeVocabulary vocabulary = GgufModel.ReadVocabulary(request.Model).Text;
        IReadOnlyList<Document> documents = DotnetDocumentation.Read(DotnetDocumentation.FindRoot());
        int[][] prompts = [.. request.Topics.SelectMany(topic => topic is ['@', .. var list] ? Listed(list, vocabulary, request.Requests / 2) : Topic(documents, vocabulary, topic, request.Requests / 2))];
        using GgufFile file = GgufFile.Open(request.Model);
        using var target = Transformer.Load(file, new ModelOptions { Threads = request.Threads });
        var stream = new OnlineStream(target, request.Draft, vocabulary) { Temperature = request.Temperature, Around = request.Around, Rate = request.Rate };
        Console.WriteLine($"online: {prompts.Length} requests, first half {request.Topics[0]}, second half {request.Topics[1]}; accepted length over {stream.Interval} requests each");
        IReadOnlyList<double> without = stream.Fixed(prompts);
        int part = 0;
        IReadOnlyList<double> with = stream.Learning(prompts, Path.Combine(request.Folder, "draft-online.gguf"), (failures, divergence) => Console.Error.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"online: {++part * stream.Interval} requests, {failures} failures in the buffer, divergence {divergence:f3}")));
        for (int i = 0; i < with.Count; i++) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{i * stream.Interval,6}  fixed {without[i]:f3}  learning {with[i]:f3}"));
        int half = with.Count / 2, quarter = Math.Max(1, half / 2);
        Say("first topic, all of it", without.Take(half), with.Take(half));
        Say("first topic, its end", without.Skip(half - quarter).Take(quarter), with.Skip(half - quarter).Take(quarter));
        Say("right after the change", without.Skip(half).Take(quarter), with.Skip(half).Take(quarter));
        Say("second topic, its end", without.TakeLast(quarter), with.TakeLast(quarter));
        return 0;
    }

    /// <summary>First lines of the entries of a topic, spread over it and mixed in a fixed order.</summary>
    private static int[][] Topic(IReadOnlyList<Document> documents, BpeVocabulary vocabulary, string topic, int count)
    {
        Document[] there = [.. documents.Where(document => document.Member.AsSpan(2).StartsWith(topic, StringComparison.Ordinal))];
        if (there.Length < count) throw new ArgumentException($"There are {there.Length} members that begin with '{topic}', fewer than the {count} wanted; choose another of --topics or fewer --requests.");
        int[] order = SplitMix.Order(there.Length, seed: 1, epoch: 0);
        var lines = new FirstLines(vocabulary);
        return [.. order.Take(count).Select(i =>
        {
            var ids = new List<int> { BpeVocabulary.EndOfText };
            vocabulary.Encode(there[i].Text, ids);
            return lines.Of([.. ids]).ToArray();
        })];
    }

    /// <summary>The first prompts of a list, in its order.</summary>
    private static int[][] Listed(string path, BpeVocabulary vocabulary, int count)
    {
        string[] prompts = [.. File.ReadLines(path).Where(line => line.Length > 0).Take(count).Select(line => Prompt(line) ?? throw new InvalidDataException($"'{path}' is no list of prompts; every line is to be an object such as {{\"prompt\": \"...\"}}."))];
        if (prompts.Length < count) throw new ArgumentException($"There are {prompts.Length} prompts in '{path}', fewer than the {count} wanted; give it more, or fewer --requests.");
        return Array.ConvertAll(prompts, prompt =>
        {
            var ids = new List<int> { BpeVocabulary.EndOfText };
            vocabulary.Encode(prompt, ids);
            return ids.ToArray();
        });
    }

    private static string? Prompt(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return document.RootElement is { ValueKind: JsonValueKind.Object } entry && entry.TryGetProperty("prompt", out JsonElement prompt) && prompt.ValueKind == JsonValueKind.String ? prompt.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Say(string what, IEnumerable<double> without, IEnumerable<double> with) => Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"{what}: fixed {without.Average():f3}, learning {with.Average():f3}, {with.Average() / without.Average():f3} times"));
}
