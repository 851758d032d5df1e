using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Percheron.Kernels;

namespace Percheron.Training.Features;

/// <summary>
/// One file of captured rows: eight bytes of magic, then rows of equal size, each its tokens and whether its documents are apart (int32), and its states as F16 [states, length, width]. Rows are
/// read where they lie; a file is written whole or not at all.
/// </summary>
public sealed class FeatureChunk : IDisposable
{
    private static readonly byte[] Magic = "PERCFEA1"u8.ToArray();
    private readonly SafeFileHandle _file;
    private readonly FeatureManifest _manifest;

    /// <summary>Opens a chunk for reading; several threads may.</summary>
    /// <exception cref="InvalidDataException">The file does not hold what the manifest says.</exception>
    public FeatureChunk(string path, FeatureManifest manifest, int rows)
    {
        _manifest = manifest;
        _file = File.OpenHandle(path);
        Span<byte> magic = stackalloc byte[8];
        if (RandomAccess.GetLength(_file) == Magic.Length + rows * manifest.RowBytes && RandomAccess.Read(_file, magic, 0) == 8 && magic.SequenceEqual(Magic)) return;
        _file.Dispose();
        throw new InvalidDataException($"'{path}' does not hold {rows} captured rows; delete it and run `percheron-train features` again, which makes what is missing.");
    }

    /// <summary>Writes a chunk in one move.</summary>
    public static void Write(string path, ReadOnlySpan<FeatureRow> rows)
    {
        string partial = path + ".partial";
        using (FileStream file = File.Create(partial))
        {
            file.Write(Magic);
            foreach (FeatureRow row in rows)
            {
                file.Write(MemoryMarshal.AsBytes(row.Tokens.AsSpan()));
                file.Write(BitConverter.GetBytes(row.Apart ? 1 : 0));
                file.Write(MemoryMarshal.AsBytes(row.Values.AsSpan()));
            }
            file.Flush(flushToDisk: true);
        }
        File.Move(partial, path, overwrite: true);
    }

    /// <summary>Reads the tokens of a row [length + 1] and whether its documents are apart.</summary>
    public bool ReadTokens(int row, Span<int> tokens)
    {
        Span<int> apart = stackalloc int[1];
        long at = Start(row);
        Fill(MemoryMarshal.AsBytes(tokens[..(_manifest.Length + 1)]), at);
        Fill(MemoryMarshal.AsBytes(apart), at + sizeof(int) * (_manifest.Length + 1L));
        return apart[0] != 0;
    }

    /// <summary>Reads one state of a row [length · width]; <paramref name="state"/> counts in the manifest's list.</summary>
    public void ReadState(int row, int state, Span<float> values)
    {
        var halves = new Half[_manifest.Length * _manifest.Width];
        Fill(MemoryMarshal.AsBytes(halves.AsSpan()), Start(row) + sizeof(int) * (_manifest.Length + 2L) + 2L * state * halves.Length);
        HalfConversion.ToSingle(halves, values[..halves.Length]);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private long Start(int row) => Magic.Length + row * _manifest.RowBytes;

    private void Fill(Span<byte> bytes, long at)
    {
        while (bytes.Length > 0)
        {
            int read = RandomAccess.Read(_file, bytes, at);
            if (read == 0) throw new EndOfStreamException("A file of captured rows has become shorter while it was read.");
            bytes = bytes[read..];
            at += read;
        }
    }
}
