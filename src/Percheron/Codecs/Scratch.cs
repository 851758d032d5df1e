namespace Percheron.Codecs;

/// <summary>What one encoding needs and the next can use again; never in use by two threads.</summary>
internal sealed class Scratch(Merger? merger)
{
    private const int Kept = 1 << 16;
    private byte[] _bytes = new byte[256];
    private int[] _symbols = new int[256];
    private char[] _characters = new char[256];

    public WordCache Cache { get; } = new();

    public Merger? Merger { get; } = merger;

    /// <summary>Room for <paramref name="length"/> characters; the contents are whatever was there.</summary>
    public Span<char> Characters(int length)
    {
        if (_characters.Length < length || (_characters.Length > Kept && length <= Kept)) _characters = new char[Math.Max(256, length)];
        return _characters.AsSpan(0, length);
    }

    /// <summary>Room for <paramref name="length"/> symbols and as many bytes; the contents are whatever was there.</summary>
    public Span<int> Symbols(int length, out Span<byte> bytes)
    {
        if (_symbols.Length < length || (_symbols.Length > Kept && length <= Kept))
        {
            int size = Math.Max(256, length);
            (_bytes, _symbols) = (new byte[size], new int[size]);
        }
        bytes = _bytes.AsSpan(0, length);
        return _symbols.AsSpan(0, length);
    }
}
