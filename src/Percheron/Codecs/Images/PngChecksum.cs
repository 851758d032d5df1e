namespace Percheron.Codecs.Images;

/// <summary>The check number of PNG chunks. Source: ISO/IEC 15948, annex D.</summary>
internal static class PngChecksum
{
    private static readonly uint[] Table = Make();

    /// <summary>Goes on with a check number that began as <see cref="uint.MaxValue"/>; inverted at the end, it is what the file holds.</summary>
    public static uint Continue(uint sum, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes) sum = Table[(byte)(sum ^ b)] ^ (sum >> 8);
        return sum;
    }

    private static uint[] Make()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint c = i;
            for (int bit = 0; bit < 8; bit++) c = (c & 1) != 0 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
            table[i] = c;
        }
        return table;
    }
}
