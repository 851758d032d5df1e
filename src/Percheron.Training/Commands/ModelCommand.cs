using System.CommandLine;
using Percheron.Codecs;
using Percheron.Formats;
using Percheron.Training.Corpus;
using Percheron.Training.Distillation;
using Percheron.Training.Export;
using Percheron.Training.Features;
using Percheron.Training.Native;
using Percheron.Training.Nets;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Commands;

/// <summary><c>percheron-train model</c>: trains a decoder-only model on any corpus of tokens, of text, pictures or speech, or distils a draft of such a model.</summary>
public static class ModelCommand
{
    private const int HeldOutRows = 48;

    private sealed record Request(string Name, LlamaShape Shape, double Blank, string? Teacher, Divergence Divergence, float? Guidance, float? OwnGuidance, int RowsPerStep, double Rates)
    {
        public string? From { get; init; }

        public DistillationData Data { get; init; }

        public int Prompt { get; init; }

        public required int Row { get; init; }

        public bool Packed { get; init; }
    }

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("model", "Train a model on a corpus of tokens (translation-data, pictures, speech-data …), or with --teacher a draft of one.");
        var arguments = new RunArguments(command, minutes: 30);
        Option<DirectoryInfo> corpus = new("--corpus") { Description = "Folder of the corpus.", Required = true };
        Option<string> name = new("--name") { Description = "Name of the model's file, NAME-q8_0.gguf in --out.", Required = true };
        Option<FileInfo?> teacher = new("--teacher") { Description = "A model of the same corpus whose law is to be learned, in place of the documents." };
        Option<string> divergence = new("--divergence") { Description = $"With --teacher, what to minimise: {string.Join(", ", Divergence.Names)}.", DefaultValueFactory = _ => "forward-kl" };
        divergence.AcceptOnlyFromAmong([.. Divergence.Names]);
        string[] authors = [.. Enum.GetNames<DistillationData>().Select(author => author.ToLowerInvariant())];
        Option<string> data = new("--data") { Description = $"With --teacher, whose text the laws are compared on: {string.Join(", ", authors)}.", DefaultValueFactory = _ => authors[0] };
        data.AcceptOnlyFromAmong(authors);
        Option<int> prompt = Number("--prompt", "Tokens that are kept of each row where somebody continues it.", Distil.Prompt);
        Option<FileInfo?> from = new("--from") { Description = "Begin with the parameters of this file, which decides the sizes: a second stage." };
        Option<float?> guidance = new("--guidance") { Description = "Scale of classifier-free guidance: with --teacher the one under which its law is learned, else the one that the file recommends." };
        Option<int> layers = Number("--layers", "Layers.", 8), width = Number("--width", "Size of a hidden state.", 256), inner = Number("--inner", "Inner size of feed-forward halves.", 1024);
        Option<int> heads = Number("--heads", "Query heads.", 4), keyHeads = Number("--key-heads", "Key and value heads.", 2), context = Number("--context", "Longest sequence.", 512), rows = Number("--rows", "Rows of one step.", 16);
        Option<int?> row = new("--row") { Description = "Tokens of a row; rows of codes begin with the beginning of a document. [default: the context]" };
        row.Validators.Add(result => { if (result.GetValueOrDefault<int?>() is < 1) result.AddError("--row must be at least 1."); });
        Option<bool> packed = new("--packed") { Description = "Rows begin anywhere, as those of text do: more of what has lost its condition, less of each condition." };
        Option<double> blank = new("--blank") { Description = "Share of the documents whose condition is left out, so that the model can be guided.", DefaultValueFactory = _ => 0.1 };
        Option<double> rates = new("--rates") { Description = "Learning rates, as a multiple of the usual ones.", DefaultValueFactory = _ => 1 };
        foreach (Option option in (Option[])[corpus, name, teacher, divergence, data, prompt, from, guidance, layers, width, inner, heads, keyHeads, context, rows, row, packed, blank, rates]) command.Options.Add(option);
        command.SetAction((parsed, cancel) =>
        {
            TokenCorpus tokens = TokenCorpus.Open(parsed.GetRequiredValue(corpus).FullName);
            int size = parsed.GetValue(width), queries = parsed.GetValue(heads), keys = parsed.GetValue(keyHeads);
            if (size % queries != 0 || queries % keys != 0 || size / queries % 2 != 0) throw new ArgumentException($"--width {size}, --heads {queries}, --key-heads {keys}: each must divide the one before, and a head needs an even size.");
            var shape = new LlamaShape(tokens.Vocabulary.Count, parsed.GetValue(context), size, parsed.GetValue(layers), parsed.GetValue(inner), queries, keys, size / queries);
            string? start = parsed.GetValue(from)?.FullName;
            if (start is not null)
            {
                using GgufFile file = GgufFile.Open(start);
                shape = LlamaShape.Of(file);
            }
            if (shape.Vocab != tokens.Vocabulary.Count) throw new InvalidDataException($"'{start}' has {shape.Vocab} tokens and the corpus {tokens.Vocabulary.Count}: they do not belong together.");
            if (parsed.GetValue(row) > shape.Context) throw new ArgumentException($"--row {parsed.GetValue(row)} is longer than the context of {shape.Context}.");
            float? scale = parsed.GetValue(guidance);
            if (scale is not null && tokens.Vocabulary.Codes is null) throw new ArgumentException("--guidance: this corpus has no conditions that could be left out.");
            bool taught = parsed.GetValue(teacher) is not null;
            var request = new Request(parsed.GetRequiredValue(name), shape, parsed.GetValue(blank), parsed.GetValue(teacher)?.FullName, Divergence.Named(parsed.GetRequiredValue(divergence)), taught ? scale : null, taught ? 1 : scale, parsed.GetValue(rows), parsed.GetValue(rates))
            {
                From = start, Data = Enum.Parse<DistillationData>(parsed.GetRequiredValue(data), ignoreCase: true), Prompt = parsed.GetValue(prompt), Row = parsed.GetValue(row) ?? shape.Context, Packed = parsed.GetValue(packed),
            };
            return Task.FromResult(Train(arguments, parsed, tokens, request, cancel));
        });
        return command;
    }

    private static Option<int> Number(string name, string description, int value)
    {
        Option<int> option = new(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result => { if (result.GetValueOrDefault<int>() < 1) result.AddError($"{name} must be at least 1."); });
        return option;
    }

    private static int Train(RunArguments arguments, ParseResult parsed, TokenCorpus corpus, Request request, CancellationToken cancel)
    {
        TorchRuntime.Start(threads: 1);
        (ulong seed, string folder) = (arguments.Seed(parsed), arguments.Folder(parsed));
        string file = Path.Combine(folder, request.Name + "-q8_0.gguf");
        using LlamaNet net = request.From is null ? new LlamaNet(request.Shape, seed, ScalarType.BFloat16) : GgufModel.Read(request.From, ScalarType.BFloat16);
        using LlamaNet? stored = request.Teacher is null ? null : GgufModel.Read(request.Teacher, ScalarType.BFloat16), teacher = stored?.Frozen();
        if (teacher is not null && teacher.Shape.Vocab != request.Shape.Vocab) throw new InvalidDataException($"'{request.Teacher}' has {teacher.Shape.Vocab} tokens and the corpus {request.Shape.Vocab}: they do not belong together.");
        if (teacher is not null && request.From is null) net.Inherit(teacher);
        CodeLayout? codes = corpus.Vocabulary.Codes;
        IObjective<LlamaNet> objective = teacher is null
            ? new NextToken()
            : new Distil(teacher, request.Divergence, request.Data, request.Prompt) { Guidance = request.Guidance is { } scale && scale != 1 ? (codes!, scale) : null };

        // A draft of a guided pair is asked with the condition only.
        Func<int[], ulong, int[]>? vary = codes is null || teacher is not null || request.Blank <= 0 ? null : (document, drawn) => (drawn >> 11) * (1.0 / (1UL << 53)) < request.Blank ? TokenCorpus.WithoutCondition(document, codes) : document;
        var documents = new EncodedCorpus(corpus, request.Packed);
        var rows = new DocumentRows(documents.TrainRows(request.Row, seed, vary), documents.HeldOutRows(HeldOutRows, request.Row));
        RunOptions options = arguments.Options(parsed) with { RowsPerStep = request.RowsPerStep, RowsPerPass = PerPass(request) };
        options = options with { MatrixRate = options.MatrixRate * request.Rates, VectorRate = options.VectorRate * request.Rates };
        using var run = new TrainingRun<LlamaNet>(net, objective, rows, options, new RunFolder(Directory.CreateDirectory(Path.Combine(folder, request.Name)).FullName), seed);
        return RunSession.Run(request.Name, run, arguments.Resume(parsed), cancel, () =>
        {
            var named = codes is null || request.OwnGuidance is not { } own ? corpus.Vocabulary : new Tokens.ModelVocabulary(corpus.Vocabulary.Text, corpus.Vocabulary.Specials, codes with { Guidance = own });
            GgufModel.Write(file, net, named, TensorType.Q8_0, corpus.About.Name + (teacher is null ? "" : " Draft"), corpus.About.License);
            new ModelCard
            {
                File = Path.GetFileName(file),
                Kind = teacher is null ? "target" : "draft, distilled",
                Drafter = teacher is null ? null : $"model(@{Path.GetFileName(file)})",
                Target = request.Teacher is null ? null : $"{Path.GetFileName(request.Teacher)}, SHA-256 {FeatureManifest.DigestOf(request.Teacher)}",
                Parameters = net.Parameters,
                Data = $"{corpus.About.Source}; {corpus.Train.Count} documents in rows of {rows.Length} tokens; licence of the weights: {corpus.About.License}",
                Recipe = new { Objective = objective.GetType().Name, Divergence = teacher is null ? null : request.Divergence.GetType().Name, request.Guidance, request.Blank, Begins = request.From is null ? null : Path.GetFileName(request.From), Text = teacher is null ? null : request.Data.ToString(), request.Packed, options.RowsPerStep, options.MatrixRate, options.VectorRate },
                Run = run.State,
            }.Write(file);
        });
    }

    // Drawing is a loop over positions: more rows side by side cost little more.
    private static int PerPass(Request request)
    {
        int most = request.Data == DistillationData.Corpus ? 2 : 4;
        while (request.RowsPerStep % most != 0) most--;
        return most;
    }
}
