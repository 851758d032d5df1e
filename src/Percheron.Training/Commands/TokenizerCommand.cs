using System.CommandLine;
using Percheron.Training.Corpus;
using Percheron.Training.Tokens;

namespace Percheron.Training.Commands;

/// <summary><c>percheron-train tokenizer</c>: learns the vocabulary.</summary>
public static class TokenizerCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("tokenizer", "Learn the byte-level BPE vocabulary from the training split of the .NET documentation.");
        Option<DirectoryInfo> output = new("--out") { Description = "Folder for everything that is made.", DefaultValueFactory = _ => new DirectoryInfo("out/training") };
        command.Options.Add(output);
        command.SetAction(parsed =>
        {
            string folder = Directory.CreateDirectory(parsed.GetRequiredValue(output).FullName).FullName;
            IReadOnlyList<Document> documents = DotnetDocumentation.Read(DotnetDocumentation.FindRoot());
            BpeVocabulary vocabulary = new Workshop(folder).TrainVocabulary(documents);
            var corpus = new EncodedCorpus(documents, vocabulary);
            long tokens = corpus.Train.Concat(corpus.HeldOut).Sum(document => (long)document.Length);
            Console.WriteLine($"{documents.Count} documents, {corpus.HeldOut.Count} of them held out; {vocabulary.Count} tokens in the vocabulary; {tokens} tokens of text");
            return 0;
        });
        return command;
    }
}
