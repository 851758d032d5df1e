using Percheron.Training.Corpus;
using Percheron.Training.Tokens;

namespace Percheron.Training.Commands;

/// <summary>The folder in which a set of models is made, and what each step finds there from the one before.</summary>
public sealed class Workshop(string folder)
{
    /// <summary>Vocabulary the models share.</summary>
    public const int VocabularySize = 4096;

    /// <summary>Where captured states lie unless a name is given.</summary>
    public const string DefaultFeatures = "features";

    /// <summary>The target's model file.</summary>
    public string Target => Path.Combine(folder, "percheron-docs-q8_0.gguf");

    /// <summary>A folder of captured states.</summary>
    public string Features(string name) => Path.Combine(folder, name);

    /// <summary>The file of a trained drafter's network.</summary>
    public string Head(string name) => Path.Combine(folder, name + ".gguf");

    private string Merges => Path.Combine(folder, "tokenizer.merges");

    /// <summary>The folder of one network's checkpoints, made if missing.</summary>
    public string NetFolder(string name) => Directory.CreateDirectory(Path.Combine(folder, name)).FullName;

    /// <summary>A draft's model file.</summary>
    public string Draft(string name) => Path.Combine(folder, name + "-q8_0.gguf");

    /// <summary>Learns the vocabulary from the training split and keeps it.</summary>
    public BpeVocabulary TrainVocabulary(IReadOnlyList<Document> documents)
    {
        BpeVocabulary vocabulary = BpeTrainer.Train(documents.Where(document => !document.IsHeldOut).Select(document => document.Text), VocabularySize);
        vocabulary.Save(Merges);
        return vocabulary;
    }

    /// <summary>The vocabulary that is kept here, learned now if there is none yet.</summary>
    public BpeVocabulary Vocabulary(IReadOnlyList<Document> documents) => File.Exists(Merges) ? BpeVocabulary.Load(Merges) : TrainVocabulary(documents);

    /// <summary>The text that a model learned: a corpus of tokens, or without one the documentation of the .NET installation that runs this program.</summary>
    /// <exception cref="InvalidDataException">The corpus has other tokens than the model.</exception>
    public static EncodedCorpus TextOf(ModelVocabulary vocabulary, string? corpus)
    {
        if (corpus is null) return new EncodedCorpus(DotnetDocumentation.Read(DotnetDocumentation.FindRoot()), vocabulary.Text);
        TokenCorpus tokens = TokenCorpus.Open(corpus);
        return tokens.Vocabulary.Count == vocabulary.Count && tokens.Vocabulary.Text.Merges.SequenceEqual(vocabulary.Text.Merges)
            ? new EncodedCorpus(tokens)
            : throw new InvalidDataException($"'{corpus}' has other tokens than the model: they do not belong together.");
    }

    /// <summary>The encoded documentation of the .NET installation that runs this program.</summary>
    public EncodedCorpus Corpus(out BpeVocabulary vocabulary)
    {
        IReadOnlyList<Document> documents = DotnetDocumentation.Read(DotnetDocumentation.FindRoot());
        vocabulary = Vocabulary(documents);
        return new EncodedCorpus(documents, vocabulary);
    }
}
