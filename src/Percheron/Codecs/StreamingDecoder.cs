using System.Buffers;
using System.Text;

namespace Percheron.Codecs;

/// <summary>Turns ids into text as they come; never emits part of a character.</summary>
/// <remarks>All that it has returned, joined, is what <see cref="Tokenizer.Decode"/> returns for all ids at once. Not for several threads.</remarks>
public sealed class StreamingDecoder
{
    private readonly Tokenizer _tokenizer;
    private readonly bool _skipSpecial;
    private readonly bool _continues;
    private readonly ArrayBufferWriter<byte> _pending = new(64);
    private bool _atStart;

    /// <param name="tokenizer">Whose ids will come.</param>
    /// <param name="skipSpecial">Leave out special tokens.</param>
    /// <param name="continues">The ids continue a text that is already there: a space at the beginning is kept.</param>
    public StreamingDecoder(Tokenizer tokenizer, bool skipSpecial = true, bool continues = false)
    {
        (_tokenizer, _skipSpecial, _continues) = (tokenizer, skipSpecial, continues);
        Reset();
    }

    /// <summary>The text that is certain once <paramref name="id"/> has come; empty while a character is incomplete.</summary>
    public string Append(int id)
    {
        ReadOnlySpan<byte> piece = _tokenizer.Piece(id);
        bool isSpecial = _tokenizer.IsSpecial(id);
        if (piece.IsEmpty || (isSpecial && _skipSpecial)) return "";
        if (_atStart && !isSpecial && piece[0] == ' ') piece = piece[1..];
        _atStart = false;
        _pending.Write(piece);
        return Take(CompleteLength(_pending.WrittenSpan));
    }

    /// <summary>What is left; an incomplete character becomes U+FFFD. The decoder begins anew.</summary>
    public string Flush()
    {
        string rest = Take(_pending.WrittenCount);
        Reset();
        return rest;
    }

    private void Reset()
    {
        _atStart = _tokenizer.StripsLeadingSpace && !_continues;
        _pending.ResetWrittenCount();
    }

    private string Take(int length)
    {
        if (length == 0) return "";
        string text = Encoding.UTF8.GetString(_pending.WrittenSpan[..length]);
        byte[] rest = _pending.WrittenSpan[length..].ToArray();
        _pending.ResetWrittenCount();
        _pending.Write(rest);
        return text;
    }

    /// <summary>Length without a last character that more bytes could still complete.</summary>
    private static int CompleteLength(ReadOnlySpan<byte> bytes)
    {
        for (int back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            int start = bytes.Length - back;
            if ((bytes[start] & 0xC0) == 0x80) continue;
            return Rune.DecodeFromUtf8(bytes[start..], out _, out _) == OperationStatus.NeedMoreData ? start : bytes.Length;
        }
        return bytes.Length;
    }
}
