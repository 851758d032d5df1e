using System.CommandLine;
using System.Globalization;
using Percheron.Training.Corpus;
using Percheron.Training.Evaluation;
using Percheron.Training.Export;
using Percheron.Training.Native;
using Percheron.Training.Nets;
using Percheron.Training.Tokens;
using static TorchSharp.torch;

namespace Percheron.Training.Commands;

/// <summary><c>percheron-train evaluate</c>: held-out perplexity of a target, and acceptance of drafts, from their GGUF files.</summary>
public static class EvaluateCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("evaluate", "Measure a target, and drafts against it, on the held-out entries.");
        Option<FileInfo> model = new("--model", "-m") { Description = "The target's GGUF file.", Required = true };
        Option<FileInfo[]> drafts = new("--model-draft", "-md") { Description = "A draft's GGUF file; may be given several times.", AllowMultipleArgumentsPerToken = true };
        Option<int> documents = new("--documents") { Description = "How many held-out entries, spread evenly; 0: all.", DefaultValueFactory = _ => 1000 };
        foreach (Option option in (Option[])[model, drafts, documents]) command.Options.Add(option);
        command.SetAction(parsed => Evaluate(parsed.GetRequiredValue(model).FullName, parsed.GetValue(drafts) ?? [], parsed.GetValue(documents)));
        return command;
    }

    private static int Evaluate(string model, FileInfo[] drafts, int limit)
    {
        TorchRuntime.Start(Environment.ProcessorCount);
        BpeVocabulary vocabulary = GgufModel.ReadVocabulary(model).Text;
        IReadOnlyList<int[]> all = new EncodedCorpus(DotnetDocumentation.Read(DotnetDocumentation.FindRoot()), vocabulary).HeldOut;
        int count = limit <= 0 ? all.Count : Math.Min(limit, all.Count);
        int[][] documents = [.. Enumerable.Range(0, count).Select(i => all[(int)((long)i * all.Count / count)])];

        using LlamaNet target = GgufModel.Read(model, ScalarType.Float32);
        HeldOutMeasure alone = new HeldOutReader(target, null, vocabulary).Measure(documents);
        Say($"{Path.GetFileName(model)}: {count} of {all.Count} held-out entries");
        Say($"  perplexity {alone.Perplexity:f3} over {alone.Tokens} tokens; {alone.CommentPerplexity:f3} over the {alone.CommentTokens} tokens after the first line");
        foreach (FileInfo file in drafts)
        {
            using LlamaNet draft = GgufModel.Read(file.FullName, ScalarType.Float32);
            HeldOutMeasure pair = new HeldOutReader(target, draft, vocabulary).Measure(documents);
            HeldOutMeasure own = new HeldOutReader(draft, null, vocabulary).Measure(documents);
            Say($"{file.Name}: after the first line");
            Say($"  acceptance at temperature 1 {pair.Acceptance:f4}, agreement of the most likely token {pair.GreedyAgreement:f4}, own perplexity {own.CommentPerplexity:f3}");
        }
        return 0;
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
