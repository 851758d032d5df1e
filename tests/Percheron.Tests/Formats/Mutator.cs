using System.Buffers.Binary;

namespace Percheron.Tests.Formats;

/// <summary>Damages a file in one to three ways chosen by a number: the same number, the same damage.</summary>
/// <param name="original">A sound file.</param>
/// <param name="fields">Its integer fields: offset and width.</param>
/// <param name="headerLength">Where its data begins; most damage falls before.</param>
internal sealed class Mutator(byte[] original, IReadOnlyList<(int Offset, int Bytes)> fields, int headerLength)
{
    public byte[] Mutate(int number)
    {
        Random random = new(number);
        byte[] content = (byte[])original.Clone();
        for (int damages = random.Next(4) switch { 0 => 3, 1 => 2, _ => 1 }; damages > 0 && content.Length > 0; damages--) content = Damage(content, random);
        return content;
    }

    private byte[] Damage(byte[] content, Random random)
    {
        switch (random.Next(8))
        {
            case 0:
                return content[..random.Next(content.Length)];
            case 1:
                for (int flips = random.Next(1, 9); flips > 0; flips--) content[Somewhere(content, random)] ^= (byte)(1 << random.Next(8));
                return content;
            case 2:
                content[Somewhere(content, random)] = (byte)random.Next(256);
                return content;
            case 3:
                return Splice(content, random);
            default:
                Overwrite(content, random);
                return content;
        }
    }

    private int Somewhere(byte[] content, Random random) => random.Next(random.Next(10) == 0 ? content.Length : Math.Min(headerLength, content.Length));

    private void Overwrite(byte[] content, Random random)
    {
        (int offset, int bytes) = fields[random.Next(fields.Count)];
        if (offset + bytes > content.Length) return;
        Span<byte> field = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(field, Boundary(content, random));
        field[..bytes].CopyTo(content.AsSpan(offset));
    }

    private static ulong Boundary(byte[] content, Random random) => random.Next(10) switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        2 => 1UL << random.Next(64),
        3 => (1UL << random.Next(64)) - 1,
        4 => 0UL - (1UL << random.Next(64)),
        5 => (ulong)(content.Length + random.Next(-40, 40)),
        6 => ulong.MaxValue / (ulong)random.Next(1, 40),
        7 => (ulong)random.NextInt64(),
        _ => (ulong)random.Next(40),
    };

    /// <summary>Takes a piece and removes it, inserts it again or writes it over another place.</summary>
    private byte[] Splice(byte[] content, Random random)
    {
        int from = Somewhere(content, random), to = Somewhere(content, random);
        byte[] piece = content[from..Math.Min(content.Length, from + random.Next(1, 200))];
        switch (random.Next(3))
        {
            case 0:
                return [.. content[..from], .. content[(from + piece.Length)..]];
            case 1:
                return [.. content[..to], .. piece, .. content[to..]];
            default:
                piece.AsSpan(0, Math.Min(piece.Length, content.Length - to)).CopyTo(content.AsSpan(to));
                return content;
        }
    }
}
