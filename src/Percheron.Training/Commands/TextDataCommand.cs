using System.CommandLine;
using Percheron.Training.Corpus;
using Percheron.Training.Export;
using Percheron.Training.Tokens;

namespace Percheron.Training.Commands;

/// <summary><c>percheron-train text-data</c>: a corpus of tokens from text files, in the vocabulary of a model or in one learned from them.</summary>
public static class TextDataCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("text-data", "Make a corpus of tokens from text files, for `percheron-train model`: to distil a draft on your own text, name the target with -m.");
        Argument<FileInfo[]> files = new("files") { Description = "Text files, UTF-8.", Arity = ArgumentArity.OneOrMore };
        Option<DirectoryInfo> output = new("--corpus") { Description = "Folder of the corpus.", Required = true };
        Option<FileInfo?> model = new("--model", "-m") { Description = "A model made by percheron-train whose vocabulary is used." };
        Option<int> size = new("--vocabulary") { Description = "Without -m: tokens to learn.", DefaultValueFactory = _ => Workshop.VocabularySize };
        Option<string> between = new("--between") { Description = "What stands between documents: blank (an empty line), line (each line is one), file (each file is one).", DefaultValueFactory = _ => "blank" };
        between.AcceptOnlyFromAmong("blank", "line", "file");
        Option<string> license = new("--license") { Description = "Licence of weights that are trained on the text.", DefaultValueFactory = _ => "mit" };
        command.Arguments.Add(files);
        foreach (Option option in (Option[])[output, model, size, between, license]) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            FileInfo[] named = parsed.GetRequiredValue(files);
            string[] documents = [.. named.SelectMany(file => Split(File.ReadAllText(file.FullName).ReplaceLineEndings("\n"), parsed.GetRequiredValue(between))).Where(document => document.Length > 0)];
            if (documents.Length == 0) throw new InvalidDataException("There is no text in these files.");
            BpeVocabulary vocabulary = parsed.GetValue(model) is { } file ? GgufModel.ReadVocabulary(file.FullName).Text : BpeTrainer.Train(documents.Where(document => !IsHeldOut(document)), parsed.GetValue(size));
            var about = new TokenCorpusDescription("Percheron Text", string.Join(", ", named.Select(file => file.Name)), parsed.GetRequiredValue(license), []);
            string folder = parsed.GetRequiredValue(output).FullName;
            // A corpus that was left unfinished is begun anew: this takes seconds.
            if (Directory.Exists(folder)) foreach (string old in Directory.EnumerateFiles(folder, "*.tokens")) File.Delete(old);
            using var writer = new TokenCorpusWriter(folder, vocabulary, about);
            var ids = new List<int>();
            foreach (string document in documents)
            {
                ids.Clear();
                ids.Add(BpeVocabulary.EndOfText);
                vocabulary.Encode(document, ids);
                writer.Add(ids.ToArray(), IsHeldOut(document));
            }
            writer.Finish();
            Console.WriteLine($"{folder}: {writer.Documents.Train} documents to train on, {writer.Documents.HeldOut} held out, {vocabulary.Count} tokens in the vocabulary");
            return 0;
        });
        return command;
    }

    // One in twenty, by its text.
    private static bool IsHeldOut(string document) => HeldOut.Hash(document) % 20 == 0;

    private static IEnumerable<string> Split(string text, string between) => between switch
    {
        "line" => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line + "\n"),
        "file" => [text],
        _ => text.Split("\n\n").Select(part => part.Trim('\n')).Where(part => part.Length > 0).Select(part => part + "\n"),
    };
}
