using System.Text;

namespace Percheron.Codecs;

/// <summary>The bytes each token stands for, end to end in one array.</summary>
internal sealed class Pieces
{
    /// <summary>No byte has a token.</summary>
    public static readonly int[] NoByteTokens = [.. Enumerable.Repeat(-1, 256)];

    private readonly int[] _offsets;
    private readonly byte[] _bytes;

    public Pieces(TokenizerModel model)
    {
        _offsets = new int[model.Tokens.Length + 1];
        List<byte> bytes = new(model.Tokens.Length * 6);
        HashSet<int> literal = [.. model.Added.Select(token => token.Id)];
        for (int id = 0; id < model.Tokens.Length; id++)
        {
            Append(model.Tokens[id], literal.Contains(id) ? TokenKind.UserDefined : model.Kinds[id], model.Form, bytes);
            _offsets[id + 1] = bytes.Count;
        }
        _bytes = [.. bytes];
    }

    public ReadOnlySpan<byte> this[int id] => _bytes.AsSpan(_offsets[id].._offsets[id + 1]);

    /// <summary>The byte that a token of the form <c>&lt;0x0A&gt;</c> names, or −1.</summary>
    public static int ByteValue(string token) =>
        token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>' && char.IsAsciiHexDigit(token[3]) && char.IsAsciiHexDigit(token[4])
            ? Convert.ToInt32(token[3..5], 16)
            : -1;

    /// <summary>Id of the token of each byte, −1 where there is none.</summary>
    public static int[] ByteTokens(string[] tokens)
    {
        int[] bytes = [.. NoByteTokens];
        for (int id = 0; id < tokens.Length; id++)
            if (ByteValue(tokens[id]) is >= 0 and int value && bytes[value] < 0) bytes[value] = id;
        return bytes;
    }

    private static void Append(string token, TokenKind kind, PieceForm form, List<byte> bytes)
    {
        if (kind == TokenKind.Byte && ByteValue(token) is >= 0 and int value)
        {
            bytes.Add((byte)value);
            return;
        }
        bool literal = kind is TokenKind.Control or TokenKind.Unknown or TokenKind.UserDefined;
        // A token that is not written in the alphabet of bytes was added by hand: it is its own text.
        if (!literal && form == PieceForm.ByteLevel && token.All(c => ByteAlphabet.Value(c) >= 0))
        {
            foreach (char c in token) bytes.Add((byte)ByteAlphabet.Value(c));
            return;
        }
        string text = !literal && form == PieceForm.MarkedSpaces ? token.Replace(Tokenizer.SpaceMark, ' ') : token;
        bytes.AddRange(Encoding.UTF8.GetBytes(text));
    }
}
