using System.CommandLine;
using Percheron.Evaluation.Translation;
using Percheron.Training.Corpus;
using Percheron.Training.Tokens;

namespace Percheron.Training.Commands;

/// <summary><c>percheron-train translation-data</c>: German sentences with their English translations, made by this project's grammars, as a corpus of tokens.</summary>
public static class TranslationDataCommand
{
    // Merges are learned on the first of the documents: more of the same grammar changes nothing.
    private const int Learned = 50_000;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("translation-data", "Make a German-English corpus of tokens from grammars of numbers, dates, times, prices and sentences.");
        Option<DirectoryInfo> output = new("--out") { Description = "Folder of the corpus.", DefaultValueFactory = _ => new DirectoryInfo("out/translation-data") };
        Option<int> train = new("--train") { Description = "Documents to train on.", DefaultValueFactory = _ => 400_000 }, heldOut = new("--held-out") { Description = "Held-out documents.", DefaultValueFactory = _ => 2_000 };
        Option<int> vocabulary = new("--vocabulary") { Description = "Tokens of the vocabulary.", DefaultValueFactory = _ => 1536 };
        Option<ulong> seed = new("--seed") { Description = "Seed of the pairs.", DefaultValueFactory = _ => 1 };
        foreach (Option option in (Option[])[output, train, heldOut, vocabulary, seed]) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            (int documents, int measured) = (parsed.GetValue(train), parsed.GetValue(heldOut));
            if (documents < 1 || measured < 1) throw new ArgumentException("--train and --held-out must be at least 1.");
            string folder = parsed.GetRequiredValue(output).FullName;
            Make(folder, new TranslationCorpus(parsed.GetValue(seed)), documents, measured, parsed.GetValue(vocabulary));
            Console.WriteLine($"{documents} documents and {measured} held out in '{folder}', {parsed.GetValue(vocabulary)} tokens in the vocabulary");
            return 0;
        });
        return command;
    }

    /// <summary>Writes a corpus.</summary>
    /// <param name="folder">Replaced if a corpus is there.</param>
    /// <param name="corpus">Pairs.</param>
    /// <param name="train">Documents to train on.</param>
    /// <param name="heldOut">Held-out documents.</param>
    /// <param name="size">Tokens of the vocabulary.</param>
    public static void Make(string folder, TranslationCorpus corpus, int train, int heldOut, int size)
    {
        BpeVocabulary text = BpeTrainer.Train(corpus.Pairs(heldOut: false).Take(Math.Min(train, Learned)).Select(TranslationCorpus.Document), size);
        TokenCorpusDescription about = new("Percheron Translation", "German-English pairs of numbers, dates, times, prices and sentences, made by this project's grammars", "mit", []);
        using var writer = new TokenCorpusWriter(folder, text, about);
        (long wrote, long wroteHeldOut) = writer.Documents;
        Write(writer, text, corpus.Pairs(heldOut: false).Take(train).Skip((int)wrote), heldOut: false);
        Write(writer, text, corpus.Pairs(heldOut: true).Take(heldOut).Skip((int)wroteHeldOut), heldOut: true);
        writer.Finish();
    }

    private static void Write(TokenCorpusWriter writer, BpeVocabulary text, IEnumerable<TranslationPair> pairs, bool heldOut)
    {
        List<int> ids = [];
        foreach (TranslationPair pair in pairs)
        {
            ids.Clear();
            ids.Add(BpeVocabulary.EndOfText);
            text.Encode(TranslationCorpus.Document(pair), ids);
            writer.Add(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ids), heldOut);
        }
    }
}
