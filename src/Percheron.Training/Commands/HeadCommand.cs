using System.CommandLine;
using Percheron.Decoding;
using Percheron.Training.Corpus;
using Percheron.Training.Evaluation;
using Percheron.Training.Export;
using Percheron.Training.Features;
using Percheron.Training.Native;
using Percheron.Training.Nets;
using Percheron.Training.Recipes;
using Percheron.Training.Runs;
using Percheron.Training.Tokens;
using static TorchSharp.torch;

namespace Percheron.Training.Commands;

/// <summary><c>percheron-train head</c>: trains the network of a drafter that has one, by the recipe of its kind.</summary>
public static class HeadCommand
{
    /// <summary>The target that a command takes where none is named.</summary>
    public const string DefaultModel = "models/percheron-docs-q8_0.gguf";

    private const int HeldOutRows = 48, CriterionPrompts = 32, CriterionTokens = 64;

    private sealed record Request(string Kind, string Model, string Features, string? Name, string? Corpus);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("head", "Train the network of a drafter on what its target does.");
        var arguments = new RunArguments(command, minutes: 10);
        Option<string> kind = new("--kind") { Description = $"Recipe with its options, such as NAME(option=1): {string.Join(", ", RecipeBook.Names)}.", Required = true };
        Option<FileInfo> model = new("--model", "-m") { Description = "The target's GGUF file.", DefaultValueFactory = _ => new FileInfo(DefaultModel) };
        Option<DirectoryInfo?> corpus = new("--corpus") { Description = "Folder of the corpus of tokens that the target learned. [default: the .NET documentation]" };
        Option<string> features = new("--features") { Description = "Folder, in --out, of the states that percheron-train features captured.", DefaultValueFactory = _ => Workshop.DefaultFeatures };
        Option<string?> name = new("--name") { Description = "Name of the run's folder and file (default: that of the recipe)." };
        foreach (Option option in (Option[])[kind, model, corpus, features, name]) command.Options.Add(option);
        command.SetAction((parsed, cancel) =>
        {
            var request = new Request(parsed.GetRequiredValue(kind), parsed.GetRequiredValue(model).FullName, parsed.GetRequiredValue(features), parsed.GetValue(name), parsed.GetValue(corpus)?.FullName);
            return Task.FromResult(Train(arguments, parsed, request, cancel));
        });
        return command;
    }

    private static int Train(RunArguments arguments, ParseResult parsed, Request request, CancellationToken cancel)
    {
        Recipe recipe = RecipeBook.Find(request.Kind);
        TorchRuntime.Start(threads: 1);
        using var target = new TargetHead(request.Model, ScalarType.BFloat16);
        var workshop = new Workshop(arguments.Folder(parsed));
        ulong seed = arguments.Seed(parsed);
        ModelVocabulary vocabulary = GgufModel.ReadVocabulary(request.Model);
        EncodedCorpus corpus = Workshop.TextOf(vocabulary, request.Corpus);
        IRowSource rows = Rows(recipe, target, corpus, workshop.Features(request.Features), seed);
        using var owned = rows as IDisposable;
        string run = request.Name ?? Spec.Parse(request.Kind).Name;
        RunOptions options = arguments.Options(parsed);
        AcceptanceMeasure Measure(int prompts, int tokens) => new(request.Model, new FirstLines(vocabulary).Spread(corpus.HeldOut, prompts), tokens, options.Threads);
        ModelCard? card = null;
        using (AcceptanceMeasure criterion = Measure(CriterionPrompts, CriterionTokens))
        {
            var job = new RecipeJob(run, target, rows, options, new RunFolder(workshop.NetFolder(run)), workshop.Head(run), seed)
            {
                Acceptance = criterion,
                Made = (parameters, made, state) => card = Card(recipe, request, target, rows, workshop.Head(run)) with { Parameters = parameters, Recipe = made, Run = state },
                Resume = arguments.Resume(parsed),
                Cancel = cancel,
            };
            int code = recipe.Train(job);
            if (code != 0 || card is null) return code;
        }
        using AcceptanceMeasure last = Measure(FinalReport.Prompts, FinalReport.Tokens);
        FinalReport.Write(run, workshop.Head(run), card, last.Measure(model => recipe.Drafter(model, workshop.Head(run)), recipe.ChangedTarget(workshop.Head(run))));
        return 0;
    }

    private static ModelCard Card(Recipe recipe, Request request, TargetHead target, IRowSource rows, string file) => new()
    {
        File = Path.GetFileName(file),
        Kind = request.Kind,
        Drafter = recipe.Spec(Path.GetFileName(file)),
        Target = $"{Path.GetFileName(target.Path)}, SHA-256 {FeatureManifest.DigestOf(target.Path)}",
        Data = rows is FeatureStream stream
            ? $"{stream.Manifest.Rows} rows of {stream.Manifest.Length} tokens with the target's states {string.Join(", ", stream.Manifest.States)}, text: {stream.Manifest.Data.ToString().ToLowerInvariant()}, seed {stream.Manifest.Seed}"
            : $"the training documents in rows of {rows.Length} tokens",
        Parameters = 0,
        Recipe = "",
        Run = new RunState(),
    };

    private static IRowSource Rows(Recipe recipe, TargetHead target, EncodedCorpus corpus, string features, ulong seed)
    {
        IReadOnlyList<int> states = recipe.States(target.Shape);
        return states.Count > 0
            ? new FeatureStream(features, FeatureManifest.DigestOf(target.Path), states, seed)
            : new DocumentRows(corpus.TrainRows(target.Shape.Context, seed), corpus.HeldOutRows(HeldOutRows, target.Shape.Context));
    }
}
