namespace Percheron.Evaluation.Pictures;

/// <summary>Bytes that end: a decoder that goes on asking behind the last one, as for the rest of a damaged file, is stopped.</summary>
internal sealed class EndingStream(byte[] bytes) : MemoryStream(bytes, writable: false)
{
    // A whole file may lack its last marker, and a decoder looks ahead.
    private const int Patience = 64;

    private int _behind;

    /// <inheritdoc/>
    public override int ReadByte()
    {
        int read = base.ReadByte();
        if (read < 0) Count();
        return read;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        int read = base.Read(buffer, offset, count);
        if (read == 0 && count > 0) Count();
        return read;
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int read = base.Read(buffer);
        if (read == 0 && buffer.Length > 0) Count();
        return read;
    }

    private void Count()
    {
        if (++_behind > Patience) throw new EndOfStreamException();
    }
}
