using System.Text;

namespace Percheron.Training.Tokens;

/// <summary>The GPT-2 spelling of bytes as printable characters, in which byte-level vocabularies are written down.</summary>
public static class ByteSpelling
{
    private static readonly char[] Characters = Build();

    /// <summary>The bytes, one character each.</summary>
    public static string Spell(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (byte b in bytes) text.Append(Characters[b]);
        return text.ToString();
    }

    // Printable Latin-1 characters stand for themselves; the others are moved, in order, to U+0100 and up.
    private static char[] Build()
    {
        var characters = new char[256];
        int moved = 0;
        for (int b = 0; b < 256; b++)
            characters[b] = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF) ? (char)b : (char)(256 + moved++);
        return characters;
    }
}
