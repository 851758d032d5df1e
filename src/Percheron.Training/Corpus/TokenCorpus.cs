using System.Buffers.Binary;
using System.Text.Json;
using Percheron.Codecs;
using Percheron.Training.Tokens;

namespace Percheron.Training.Corpus;

/// <summary>
/// Documents as ids in a folder, whatever they are of: text, pictures or speech. <c>train.tokens</c> and <c>held-out.tokens</c> hold the documents one after the other as little-endian 16-bit ids, each beginning with the
/// end of text; <c>tokenizer.merges</c> is the vocabulary of its text, <c>corpus.json</c> says the rest.
/// </summary>
public sealed class TokenCorpus
{
    internal const string Merges = "tokenizer.merges", Description = "corpus.json";

    private static readonly JsonSerializerOptions Strict = new() { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };

    private TokenCorpus(ModelVocabulary vocabulary, TokenCorpusDescription about, IReadOnlyList<int[]> train, IReadOnlyList<int[]> heldOut) => (Vocabulary, About, Train, HeldOut) = (vocabulary, about, train, heldOut);

    /// <summary>All tokens.</summary>
    public ModelVocabulary Vocabulary { get; }

    /// <summary>Where it is from.</summary>
    public TokenCorpusDescription About { get; }

    /// <summary>Documents to train on.</summary>
    public IReadOnlyList<int[]> Train { get; }

    /// <summary>Held-out documents.</summary>
    public IReadOnlyList<int[]> HeldOut { get; }

    /// <summary>Reads a folder that <see cref="TokenCorpusWriter"/> finished.</summary>
    /// <exception cref="InvalidDataException">It is not finished or damaged.</exception>
    public static TokenCorpus Open(string folder)
    {
        string path = Path.Combine(folder, Description);
        if (!File.Exists(path)) throw new InvalidDataException($"There is no finished corpus of tokens in '{folder}': '{Description}' is missing.");
        TokenCorpusDescription about;
        ModelVocabulary vocabulary;
        try
        {
            about = JsonSerializer.Deserialize<TokenCorpusDescription>(File.ReadAllText(path), Strict) ?? throw new JsonException();
            vocabulary = new ModelVocabulary(BpeVocabulary.Load(Path.Combine(folder, Merges)), about.Specials, about.Codes);
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"'{path}' is damaged; make the corpus again.", error);
        }
        return new TokenCorpus(vocabulary, about, Read(folder, heldOut: false, vocabulary.Count), Read(folder, heldOut: true, vocabulary.Count));
    }

    /// <summary>A document with its condition left out: every token of it is <see cref="CodeLayout.Blank"/>.</summary>
    public static int[] WithoutCondition(int[] document, CodeLayout codes) => Array.ConvertAll(document, token => codes.IsCondition(token) ? codes.Blank : token);

    /// <summary>How many tokens of a document are the condition, with the token that ends it.</summary>
    public static int ConditionLength(int[] document, CodeLayout codes) => Array.IndexOf(document, codes.Begin) + 1;

    internal static string FileOf(string folder, bool heldOut) => Path.Combine(folder, heldOut ? "held-out.tokens" : "train.tokens");

    private static List<int[]> Read(string folder, bool heldOut, int vocab)
    {
        byte[] bytes = File.ReadAllBytes(FileOf(folder, heldOut));
        var documents = new List<int[]>();
        InvalidDataException Damaged() => new($"'{FileOf(folder, heldOut)}' is damaged; make the corpus again.");
        if (bytes.Length % 2 != 0) throw Damaged();
        int count = bytes.Length / 2, start = 0;
        for (int i = 1; i <= count; i++)
        {
            if (i < count && Token(i) != BpeVocabulary.EndOfText) continue;
            int[] document = [.. Enumerable.Range(start, i - start).Select(Token)];
            if (document[0] != BpeVocabulary.EndOfText || document.Any(token => token >= vocab)) throw Damaged();
            documents.Add(document);
            start = i;
        }
        return documents;

        int Token(int i) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(2 * i));
    }
}
