using System.CommandLine;
using Percheron.Decoding;
using Percheron.Training.Corpus;
using Percheron.Training.Export;
using Percheron.Training.Native;
using Percheron.Training.Nets;
using Percheron.Training.Recipes;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Commands;

/// <summary><c>percheron-train head</c>: trains the network of a drafter that has one, by the recipe of its kind.</summary>
public static class HeadCommand
{
    private const int HeldOutRows = 48;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("head", "Train the network of a drafter on what its target does.");
        var arguments = new RunArguments(command, minutes: 10);
        Option<string> kind = new("--kind") { Description = $"Recipe with its options, such as NAME(option=1): {string.Join(", ", RecipeBook.Names)}.", Required = true };
        Option<FileInfo> model = new("--model", "-m") { Description = "The target's GGUF file.", DefaultValueFactory = _ => new FileInfo("models/percheron-docs-q8_0.gguf") };
        Option<string?> name = new("--name") { Description = "Name of the run's folder and file (default: that of the recipe)." };
        foreach (Option option in (Option[])[kind, model, name]) command.Options.Add(option);
        command.SetAction((parsed, cancel) => Task.FromResult(Train(arguments, parsed, parsed.GetRequiredValue(kind), parsed.GetRequiredValue(model).FullName, parsed.GetValue(name), cancel)));
        return command;
    }

    private static int Train(RunArguments arguments, ParseResult parsed, string kind, string model, string? name, CancellationToken cancel)
    {
        Recipe recipe = RecipeBook.Find(kind);
        TorchRuntime.Start(threads: 1);
        using var target = new TargetHead(model, ScalarType.BFloat16);
        if (recipe.States(target.Shape).Count > 0) throw new ArgumentException($"'{kind}' learns from hidden states of the target, and none have been captured.");
        ulong seed = arguments.Seed(parsed);
        var corpus = new EncodedCorpus(DotnetDocumentation.Read(DotnetDocumentation.FindRoot()), GgufModel.ReadVocabulary(model));
        var rows = new DocumentRows(new RowStream(corpus.Train, target.Shape.Context, seed), corpus.HeldOutRows(HeldOutRows, target.Shape.Context));
        var workshop = new Workshop(arguments.Folder(parsed));
        string run = name ?? Spec.Parse(kind).Name;
        var job = new RecipeJob(run, target, rows, arguments.Options(parsed), new RunFolder(workshop.NetFolder(run)), workshop.Head(run), seed) { Resume = arguments.Resume(parsed), Cancel = cancel };
        return recipe.Train(job);
    }
}
