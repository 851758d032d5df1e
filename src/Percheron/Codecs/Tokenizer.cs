using System.Text;
using Percheron.Formats;

namespace Percheron.Codecs;

/// <summary>Text to token ids and back, as the model was trained to read it.</summary>
/// <remarks>Safe for several threads. Ids outside the vocabulary throw <see cref="ArgumentOutOfRangeException"/> wherever one is given.</remarks>
public abstract class Tokenizer
{
    /// <summary>U+2581, which SentencePiece vocabularies write for a space.</summary>
    internal const char SpaceMark = '\u2581';

    private readonly TokenizerModel _model;
    private readonly AddedTokens _added;
    private readonly Pieces _pieces;

    private protected Tokenizer(TokenizerModel model)
    {
        _model = model;
        _added = new AddedTokens(model.Added);
        _pieces = new Pieces(model);
        StripsLeadingSpace = model.StripsLeadingSpace;
    }

    public int VocabularySize => _model.Tokens.Length;

    /// <summary>Begins a text.</summary>
    public int? Bos => _model.Bos;

    /// <summary>Ends a text.</summary>
    public int? Eos => _model.Eos;

    /// <summary>Stands for what the vocabulary cannot write.</summary>
    public int? Unknown => _model.Unknown;

    public int? Pad => _model.Pad;

    /// <summary>Every token at which generation ends: end of text, of turn, of message.</summary>
    public IReadOnlyCollection<int> EndOfGeneration => _model.EndOfGeneration;

    /// <summary>Whether special tokens, where asked for, begin with <see cref="Bos"/>.</summary>
    public bool AddBos => _model.AddBos && _model.Bos is not null;

    /// <summary>Whether special tokens, where asked for, end with <see cref="Eos"/>.</summary>
    public bool AddEos => _model.AddEos && _model.Eos is not null;

    /// <summary>Whether decoding drops one space at the beginning of a text, which encoding put there.</summary>
    internal bool StripsLeadingSpace { get; }

    /// <summary>Builds the tokenizer that a GGUF file describes; the file may be closed afterwards.</summary>
    /// <exception cref="ModelFormatException">The vocabulary is missing, damaged or of a kind that is not supported.</exception>
    public static Tokenizer FromGguf(GgufFile file) => GgufVocabulary.Read(file);

    /// <summary>Builds the tokenizer that a Hugging Face <c>tokenizer.json</c> describes; a <c>tokenizer_config.json</c> beside it names the special tokens.</summary>
    /// <exception cref="ModelFormatException">The file is damaged or asks for something that is not supported.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    public static Tokenizer FromHuggingFace(string tokenizerJsonPath) => HuggingFace.TokenizerJson.Read(tokenizerJsonPath);

    /// <summary>Builds GPT-2's tokenizer from the pair of files it was published as.</summary>
    /// <param name="encoderJsonPath">Object from token to id (<c>encoder.json</c>, <c>vocab.json</c>).</param>
    /// <param name="mergesPath">One merge a line (<c>vocab.bpe</c>, <c>merges.txt</c>).</param>
    /// <exception cref="ModelFormatException">A file is damaged.</exception>
    /// <exception cref="IOException">A file does not exist or cannot be read.</exception>
    public static Tokenizer FromGpt2Files(string encoderJsonPath, string mergesPath) => HuggingFace.Gpt2Files.Read(encoderJsonPath, mergesPath);

    /// <summary>Appends the ids of a text.</summary>
    /// <param name="text">Any text; a lone surrogate counts as U+FFFD.</param>
    /// <param name="addSpecial">Add the tokens that begin and end a text, as <see cref="AddBos"/> and <see cref="AddEos"/> say.</param>
    /// <param name="parseSpecial">Read special tokens that are spelled out in the text; never for text from strangers.</param>
    /// <param name="destination">Receives the ids.</param>
    /// <returns>How many were appended.</returns>
    public int Encode(ReadOnlySpan<char> text, bool addSpecial, bool parseSpecial, List<int> destination)
    {
        int before = destination.Count;
        if (addSpecial && AddBos) destination.Add(Bos!.Value);
        int at = 0;
        bool first = true;
        while (at < text.Length)
        {
            int found = _added.Find(text, at, parseSpecial, out AddedToken token);
            int end = AddedTokens.EndBefore(text, at, found, token);
            if (end > at) EncodeFragment(text[at..end], first, parseSpecial, destination);
            if (found < 0) break;
            destination.Add(token.Id);
            first = false;
            at = AddedTokens.StartAfter(text, found, token);
        }
        if (addSpecial && AddEos) destination.Add(Eos!.Value);
        return destination.Count - before;
    }

    /// <inheritdoc cref="Encode(ReadOnlySpan{char}, bool, bool, List{int})"/>
    /// <returns>The ids.</returns>
    public int[] Encode(string text, bool addSpecial = true, bool parseSpecial = true)
    {
        List<int> ids = new(text.Length / 3 + 4);
        Encode(text, addSpecial, parseSpecial, ids);
        return [.. ids];
    }

    /// <summary>The text of ids; bytes that are not UTF-8 become U+FFFD.</summary>
    /// <param name="ids">Any ids of the vocabulary.</param>
    /// <param name="skipSpecial">Leave out tokens such as <see cref="Bos"/>.</param>
    /// <param name="continues">The ids continue a text: the space that begins one is not dropped.</param>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecial = true, bool continues = false)
    {
        StreamingDecoder decoder = new(this, skipSpecial, continues);
        StringBuilder text = new();
        foreach (int id in ids) text.Append(decoder.Append(id));
        return text.Append(decoder.Flush()).ToString();
    }

    /// <summary>The bytes a token stands for, often not whole characters; the spelling of a special token. Valid as long as the tokenizer.</summary>
    public ReadOnlySpan<byte> Piece(int id)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)id, (uint)VocabularySize, nameof(id));
        return _pieces[id];
    }

    /// <summary>A token as the vocabulary writes it.</summary>
    public string PieceText(int id)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)id, (uint)VocabularySize, nameof(id));
        return _model.Tokens[id];
    }

    /// <summary>Whether a token is a sign to the model rather than text.</summary>
    public bool IsSpecial(int id)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)id, (uint)VocabularySize, nameof(id));
        return _model.Kinds[id] is TokenKind.Control or TokenKind.Unknown;
    }

    /// <summary>Encodes a nonempty stretch of text without added tokens.</summary>
    /// <param name="text">The stretch.</param>
    /// <param name="first">Whether it begins the text; otherwise an added token stands before it.</param>
    /// <param name="parseSpecial">Read special tokens that normalizing brings out.</param>
    /// <param name="ids">Receives the ids.</param>
    private protected abstract void EncodeFragment(ReadOnlySpan<char> text, bool first, bool parseSpecial, List<int> ids);
}
