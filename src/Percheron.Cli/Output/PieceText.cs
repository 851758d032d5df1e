using System.Text;
using Percheron.Codecs;

namespace Percheron.Cli.Output;

/// <summary>Tokens as a person reads them.</summary>
internal static class PieceText
{
    /// <summary>The text a token stands for, quoted, control characters and incomplete characters escaped; empty without a vocabulary.</summary>
    public static string Of(Tokenizer? tokenizer, int id)
    {
        if (tokenizer is null || id >= tokenizer.VocabularySize) return "";
        var text = new StringBuilder("'");
        ReadOnlySpan<byte> piece = tokenizer.Piece(id);
        while (!piece.IsEmpty)
        {
            bool valid = Rune.DecodeFromUtf8(piece, out Rune rune, out int length) == System.Buffers.OperationStatus.Done;
            if (valid && !Rune.IsControl(rune)) text.Append(rune.ToString());
            else if (valid && rune.Value == '\n') text.Append("\\n");
            else for (int i = 0; i < length; i++) text.Append($"\\x{piece[i]:x2}");
            piece = piece[length..];
        }
        return text.Append('\'').ToString();
    }
}
