namespace Percheron.Codecs;

/// <summary>GPT-2's printable alphabet: one character for each byte, so that any bytes can be written as a text without blanks.</summary>
/// <remarks>Bytes that are printable in Latin-1 stand for themselves; the others, in order, take the characters from U+0100 on.</remarks>
internal static class ByteAlphabet
{
    private const int Characters = 0x100 + 68;
    private static readonly char[] Letters = new char[256];
    private static readonly short[] Values = new short[Characters];

    static ByteAlphabet()
    {
        Values.AsSpan().Fill(-1);
        int next = 0x100;
        for (int value = 0; value < 256; value++)
        {
            bool printable = value is >= 0x21 and <= 0x7E or >= 0xA1 and <= 0xAC or >= 0xAE;
            Letters[value] = printable ? (char)value : (char)next++;
            Values[Letters[value]] = (short)value;
        }
    }

    public static char Letter(byte value) => Letters[value];

    /// <summary>The byte a character stands for, or −1.</summary>
    public static int Value(char letter) => letter < Characters ? Values[letter] : -1;
}
