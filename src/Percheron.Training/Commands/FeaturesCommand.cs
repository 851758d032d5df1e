using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Training.Corpus;
using Percheron.Training.Export;
using Percheron.Training.Features;
using Percheron.Training.Tokens;

namespace Percheron.Training.Commands;

/// <summary><c>percheron-train features</c>: the target reads (or writes) text once and its hidden states are kept, for every drafter that learns from them.</summary>
public static class FeaturesCommand
{
    private const int RowsPerChunk = 32;

    private sealed record Request(string Folder, string Model, string? Draft, int[] States, int Rows, int HeldOut, FeatureData Data, ulong Seed, int Threads)
    {
        public string? Corpus { get; init; }
    }

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("features", "Capture the target's hidden states on training text, once, for all drafters that learn from them. Goes on where it was stopped.");
        Option<DirectoryInfo> output = new("--out") { Description = "Folder for everything that is made.", DefaultValueFactory = _ => new DirectoryInfo("out/training") };
        Option<string> name = new("--name") { Description = "Folder of the states in there.", DefaultValueFactory = _ => Workshop.DefaultFeatures };
        Option<FileInfo> model = new("--model", "-m") { Description = "The target's GGUF file.", DefaultValueFactory = _ => new FileInfo(HeadCommand.DefaultModel) };
        Option<FileInfo?> draft = new("--model-draft", "-md") { Description = "A draft model that makes the target write faster; nothing it writes depends on it." };
        Option<string> states = new("--states") { Description = "Numbers of the states: k enters layer k, the number of layers + 1 is what the vocabulary projection reads.", DefaultValueFactory = _ => "2,4,6,9" };
        Option<int> rows = new("--rows") { Description = "Training rows, each of the target's context.", DefaultValueFactory = _ => 4000 };
        Option<int> heldOut = new("--held-out") { Description = "Held-out rows.", DefaultValueFactory = _ => 48 };
        string[] kinds = [.. Enum.GetNames<FeatureData>().Select(kind => kind.ToLowerInvariant())];
        Option<string> data = new("--data") { Description = $"Whose text: {string.Join(", ", kinds)} (the documents, what the target writes, both in turn).", DefaultValueFactory = _ => kinds[0] };
        data.AcceptOnlyFromAmong(kinds);
        Option<ulong> seed = new("--seed") { Description = "Seed of the order and of what is drawn.", DefaultValueFactory = _ => 1 };
        Option<int> threads = new("--threads") { Description = "Threads of the target; 0: one for each core." };
        Option<DirectoryInfo?> corpus = new("--corpus") { Description = "Folder of the corpus of tokens that the target learned. [default: the .NET documentation]" };
        foreach (Option option in (Option[])[output, name, corpus, model, draft, states, rows, heldOut, data, seed, threads]) command.Options.Add(option);
        command.SetAction((parsed, cancel) =>
        {
            string folder = Path.Combine(parsed.GetRequiredValue(output).FullName, parsed.GetRequiredValue(name));
            var request = new Request(folder, parsed.GetRequiredValue(model).FullName, parsed.GetValue(draft)?.FullName, Numbers(parsed.GetRequiredValue(states)), Math.Max(1, parsed.GetValue(rows)),
                Math.Max(1, parsed.GetValue(heldOut)), Enum.Parse<FeatureData>(parsed.GetRequiredValue(data), ignoreCase: true), parsed.GetValue(seed), parsed.GetValue(threads)) { Corpus = parsed.GetValue(corpus)?.FullName };
            return Task.FromResult(Capture(request, cancel));
        });
        return command;
    }

    private static int[] Numbers(string list)
    {
        try
        {
            return [.. list.Split(',', StringSplitOptions.TrimEntries).Select(number => int.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture)).Distinct().Order()];
        }
        catch (FormatException)
        {
            throw new ArgumentException($"--states takes numbers such as 2,4,6,9, not '{list}'.");
        }
    }

    private static int Capture(Request request, CancellationToken cancel)
    {
        using GgufFile file = GgufFile.Open(request.Model);
        using var target = Transformer.Load(file, new ModelOptions { Threads = request.Threads });
        if (request.States.Any(state => state > target.LayerCount + 1)) throw new ArgumentException($"--states: this target has states 0 to {target.LayerCount + 1}.");
        var plan = new FeatureManifest(Path.GetFileName(request.Model), FeatureManifest.DigestOf(request.Model), request.States, target.HiddenSize, target.ContextLength - 1, request.Rows, request.HeldOut, RowsPerChunk, request.Data, request.Seed);
        FeatureFolder folder = Prepare(request.Folder, plan);

        ModelVocabulary vocabulary = GgufModel.ReadVocabulary(request.Model);
        EncodedCorpus corpus = Workshop.TextOf(vocabulary, request.Corpus);
        using GgufFile? draftFile = request.Draft is null ? null : GgufFile.Open(request.Draft);
        using Transformer? draft = draftFile is null ? null : Transformer.Load(draftFile, new ModelOptions { Team = target.Team });
        Drafter Guess() => draft is null ? new NoneDrafter() : new ModelDrafter(draft);
        FeatureCapture Split(IReadOnlyList<int[]> documents) => new(target, Guess(), new FeatureSet(plan.States.ToArray()), documents, vocabulary, (plan.Length, plan.Data, plan.Seed));
        var progress = new Progress(plan);
        if (folder.Make(Split(corpus.HeldOut), heldOut: true, progress.Add, cancel) && folder.Make(Split(corpus.Train), heldOut: false, progress.Add, cancel)) return 0;
        Console.Error.WriteLine("features: stopped; the same command goes on from here");
        return 130;
    }

    /// <summary>Says what it will take before it begins.</summary>
    private static FeatureFolder Prepare(string path, FeatureManifest plan)
    {
        var folder = new FeatureFolder(path, plan);
        long missing = folder.MissingBytes;
        long free = new DriveInfo(path).AvailableFreeSpace;
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"features: {plan.Rows} + {plan.HeldOutRows} rows of {plan.Length} tokens, states {string.Join(", ", plan.States)}: {plan.Bytes / 1e9:f2} GB ({(double)plan.RowBytes / plan.Length / 1e3:f2} GB for a million tokens), {missing / 1e9:f2} GB of it still to come, {free / 1e9:f0} GB free"));
        if (missing > free) throw new IOException("That does not fit on the disk: fewer --rows or --states, or another --out.");
        return folder;
    }

    private sealed class Progress(FeatureManifest plan)
    {
        private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(10);
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private TimeSpan _next = TimeSpan.FromSeconds(2);
        private int _done, _made;

        public void Add(int rows, bool made)
        {
            _done += rows;
            if (!made) return;
            _made += rows;
            int all = plan.Rows + plan.HeldOutRows;
            if (_clock.Elapsed < _next && _done < all) return;
            _next = _clock.Elapsed + LineEvery;
            TimeSpan left = _clock.Elapsed / _made * (all - _done);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"features: {_done} of {all} rows, {_made * (double)plan.Length / _clock.Elapsed.TotalSeconds:f0} tokens/s, {(int)left.TotalMinutes}:{left.Seconds:00} left"));
        }
    }
}
