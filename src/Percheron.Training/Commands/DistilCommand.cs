using System.CommandLine;
using Percheron.Drafters;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Training.Corpus;
using Percheron.Training.Distillation;
using Percheron.Training.Evaluation;
using Percheron.Training.Export;
using Percheron.Training.Features;
using Percheron.Training.Native;
using Percheron.Training.Nets;
using Percheron.Training.Runs;
using Percheron.Training.Tokens;
using static TorchSharp.torch;

namespace Percheron.Training.Commands;

/// <summary><c>percheron-train distil</c>: trains a draft to have its target's law.</summary>
public static class DistilCommand
{
    private const int HeldOutRows = 48;

    private sealed record Recipe(string Name, Divergence? Divergence, DistillationData Data, int Prompt, string? Captured, string? From);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("distil", "Train a draft from the target made in the same folder.");
        var arguments = new RunArguments(command, minutes: 10);
        Option<string> divergence = new("--divergence") { Description = $"What to minimise: {string.Join(", ", Divergence.Names)}.", DefaultValueFactory = _ => "forward-kl" };
        divergence.AcceptOnlyFromAmong([.. Divergence.Names]);
        string[] authors = [.. Enum.GetNames<DistillationData>().Select(author => author.ToLowerInvariant())];
        Option<string> data = new("--data") { Description = $"Whose text the laws are compared on: {string.Join(", ", authors)}.", DefaultValueFactory = _ => authors[0] };
        data.AcceptOnlyFromAmong(authors);
        Option<int> prompt = new("--prompt") { Description = "Tokens that are kept of each row where somebody continues it.", DefaultValueFactory = _ => Distil.Prompt };
        prompt.Validators.Add(result => { if (result.GetValueOrDefault<int>() is < 1 or > 511) result.AddError("--prompt must be 1 to 511."); });
        Option<string?> captured = new("--captured") { Description = $"Folder, in --out, that percheron-train features filled: the rows whose text the target wrote there take the place of the documents." };
        Option<bool> undistilled = new("--undistilled") { Description = "Ignore the target and learn from the documents alone, for comparison." };
        Option<string?> name = new("--name") { Description = "Name of the draft's folder and file (default: draft- and the divergence, or draft-undistilled)." };
        Option<string?> from = new("--from") { Description = "Begin with the best parameters of the draft of this name in the same folder: a second stage." };
        foreach (Option option in (Option[])[divergence, data, prompt, captured, undistilled, name, from]) command.Options.Add(option);
        command.SetAction((parsed, cancel) =>
        {
            bool alone = parsed.GetValue(undistilled);
            string chosen = parsed.GetRequiredValue(divergence);
            var author = Enum.Parse<DistillationData>(parsed.GetRequiredValue(data), ignoreCase: true);
            var recipe = new Recipe(parsed.GetValue(name) ?? (alone ? "draft-undistilled" : "draft-" + chosen), alone ? null : Divergence.Named(chosen), author, parsed.GetValue(prompt), parsed.GetValue(captured), parsed.GetValue(from));
            return Task.FromResult(Train(arguments, parsed, recipe, cancel));
        });
        return command;
    }

    private static int Train(RunArguments arguments, ParseResult parsed, Recipe recipe, CancellationToken cancel)
    {
        TorchRuntime.Start(threads: 1);
        var workshop = new Workshop(arguments.Folder(parsed));
        if (recipe.Divergence is not null && !File.Exists(workshop.Target))
        {
            Console.Error.WriteLine($"There is no target at '{workshop.Target}'. Run `percheron-train target` with the same --out first.");
            return 1;
        }
        EncodedCorpus corpus = workshop.Corpus(out BpeVocabulary vocabulary);
        LlamaShape shape = LlamaShape.Draft;
        using var net = new LlamaNet(shape, arguments.Seed(parsed), ScalarType.BFloat16);
        using LlamaNet? stored = recipe.Divergence is null ? null : GgufModel.Read(workshop.Target, ScalarType.BFloat16), target = stored?.Frozen();
        if (recipe.From is not null) new RunFolder(workshop.NetFolder(recipe.From)).LoadBest(net);
        else if (target is not null) net.Inherit(target);
        IObjective<LlamaNet> objective = target is null ? new NextToken() : new Distil(target, recipe.Divergence!, recipe.Data, recipe.Prompt);
        using FeatureStream? written = recipe.Captured is null ? null : new FeatureStream(workshop.Features(recipe.Captured), FeatureManifest.DigestOf(workshop.Target), [], arguments.Seed(parsed), written: true);
        IRowSource rows = written ?? (IRowSource)new DocumentRows(new RowStream(corpus.Train, shape.Context, arguments.Seed(parsed)), corpus.HeldOutRows(HeldOutRows, shape.Context));
        // Drawing is a loop over positions: more rows side by side cost little more.
        RunOptions options = arguments.Options(parsed) with { RowsPerStep = 8, RowsPerPass = recipe.Data == DistillationData.Corpus ? 2 : 4 };
        // What is trained already changes slowly.
        if (recipe.From is not null) options = options with { MatrixRate = options.MatrixRate / 10, VectorRate = options.VectorRate / 10 };
        using var run = new TrainingRun<LlamaNet>(net, objective, rows, options, new RunFolder(workshop.NetFolder(recipe.Name)), arguments.Seed(parsed));
        void Export() => GgufModel.Write(workshop.Draft(recipe.Name), net, vocabulary, TensorType.Q8_0, "Percheron Docs Draft");
        int code = RunSession.Run(recipe.Name, run, arguments.Resume(parsed), cancel, Export);
        if (code == 0 && File.Exists(workshop.Target)) Report(workshop, recipe, new FirstLines(vocabulary).Spread(corpus.HeldOut, FinalReport.Prompts), options, run);
        return code;
    }

    /// <summary>Measures the exported draft by the library's engine. The held-out divergence has chosen the parameters: it is itself a statement about acceptance.</summary>
    private static void Report(Workshop workshop, Recipe recipe, IReadOnlyList<int[]> prompts, RunOptions options, TrainingRun<LlamaNet> run)
    {
        string file = workshop.Draft(recipe.Name);
        using var measure = new AcceptanceMeasure(workshop.Target, prompts, FinalReport.Tokens, options.Threads);
        using GgufFile draft = GgufFile.Open(file);
        using var model = Transformer.Load(draft, new ModelOptions { Team = measure.Target.Team });
        var card = new ModelCard
        {
            File = Path.GetFileName(file),
            Kind = recipe.Divergence is null ? "draft, not distilled" : "draft, distilled",
            Drafter = $"model(@{Path.GetFileName(file)})",
            Target = $"{Path.GetFileName(workshop.Target)}, SHA-256 {FeatureManifest.DigestOf(workshop.Target)}",
            Parameters = run.Net.Parameters,
            Data = $"{(recipe.Captured is null ? "the training documents" : "what the target wrote after first lines of training documents")}, text: {recipe.Data.ToString().ToLowerInvariant()}{(recipe.Data == DistillationData.Corpus ? "" : $" after {recipe.Prompt} tokens")}",
            Recipe = new { Divergence = recipe.Divergence?.GetType().Name, recipe.From, options.RowsPerStep, options.MatrixRate, options.VectorRate },
            Run = run.State,
        };
        FinalReport.Write(recipe.Name, file, card, measure.Measure(_ => new ModelDrafter(model)));
    }
}
