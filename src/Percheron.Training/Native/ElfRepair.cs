using System.Buffers.Binary;
using System.Text;

namespace Percheron.Training.Native;

/// <summary>
/// Makes a 64-bit little-endian ELF library that was linked against GCC 13 loadable beside an older libstdc++.
/// Such a library needs version GLIBCXX_3.4.32 for one symbol only, a static-initialisation hook that older versions run by themselves.
/// The repair points that symbol at a harmless import and marks the version as weak, so that the loader no longer insists on it.
/// </summary>
public static class ElfRepair
{
    private const string Hook = "_ZSt21ios_base_library_initv";
    private const string Version = "GLIBCXX_3.4.32";
    private const string Harmless = "floor";
    private const ushort WeakFlag = 2;
    private const uint DynamicSymbols = 11, VersionSymbols = 0x6fffffff, VersionNeeds = 0x6ffffffe;

    /// <summary>
    /// Repairs the image in place. Returns false, and changes nothing, where there is nothing to repair: no such hook, or already repaired.
    /// </summary>
    /// <exception cref="InvalidDataException">The image is not a 64-bit little-endian ELF file, or lacks the tables a shared library has.</exception>
    public static bool TryRepair(Span<byte> image)
    {
        try
        {
            return Repair(image);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new InvalidDataException("The native library is damaged: an ELF table lies outside the file.");
        }
    }

    private static bool Repair(Span<byte> image)
    {
        if (image.Length < 64 || !image.StartsWith("\u007fELF\u0002\u0001"u8))
            throw new InvalidDataException("The native library is not a 64-bit little-endian ELF file.");
        Section symbols = Find(image, DynamicSymbols), versions = Find(image, VersionSymbols), needs = Find(image, VersionNeeds);
        Section names = At(image, symbols.Link);

        int hook = -1, harmless = -1;
        for (int i = 0; i < symbols.Size / 24; i++)
        {
            string name = Name(image, names, U32(image, symbols.Offset + i * 24));
            if (name == Hook) hook = i;
            if (name == Harmless) harmless = i;
        }
        if (hook < 0) return false;
        if (harmless < 0) throw new InvalidDataException($"The native library imports no '{Harmless}' to stand in for its initialisation hook.");

        U32(image, symbols.Offset + hook * 24, U32(image, symbols.Offset + harmless * 24));
        U16(image, versions.Offset + hook * 2, U16(image, versions.Offset + harmless * 2));
        Weaken(image, needs, names);
        return true;
    }

    /// <summary>Sets the weak flag of every "needs GLIBCXX_3.4.32" entry (Verneed: 16 bytes, then Vernaux records of 16 bytes in a chain).</summary>
    private static void Weaken(Span<byte> image, Section needs, Section names)
    {
        int need = needs.Offset;
        for (int n = 0; n < needs.Info; n++)
        {
            int count = U16(image, need + 2), aux = need + (int)U32(image, need + 8);
            for (int c = 0; c < count; c++)
            {
                if (Name(image, names, U32(image, aux + 8)) == Version) U16(image, aux + 4, (ushort)(U16(image, aux + 4) | WeakFlag));
                aux += (int)U32(image, aux + 12);
            }
            need += (int)U32(image, need + 12);
        }
    }

    private readonly record struct Section(uint Type, int Offset, int Size, int Link, int Info);

    private static Section Find(ReadOnlySpan<byte> image, uint type)
    {
        int count = U16(image, 0x3C);
        for (int i = 0; i < count; i++)
        {
            Section section = At(image, i);
            if (section.Type == type) return section;
        }
        throw new InvalidDataException($"The native library has no section of type 0x{type:x}.");
    }

    /// <summary>Section header i: name, type, flags, address, offset, size, link, info (Elf64_Shdr).</summary>
    private static Section At(ReadOnlySpan<byte> image, int index)
    {
        long at = BinaryPrimitives.ReadInt64LittleEndian(image[0x28..]) + (long)index * U16(image, 0x3A);
        ReadOnlySpan<byte> header = image.Slice(checked((int)at), 64);
        return new Section(
            U32(header, 4), checked((int)BinaryPrimitives.ReadInt64LittleEndian(header[24..])),
            checked((int)BinaryPrimitives.ReadInt64LittleEndian(header[32..])), (int)U32(header, 40), (int)U32(header, 44));
    }

    private static string Name(ReadOnlySpan<byte> image, Section names, uint offset)
    {
        ReadOnlySpan<byte> text = image.Slice(names.Offset, names.Size)[(int)offset..];
        return Encoding.ASCII.GetString(text[..text.IndexOf((byte)0)]);
    }

    private static ushort U16(ReadOnlySpan<byte> image, int at) => BinaryPrimitives.ReadUInt16LittleEndian(image[at..]);

    private static uint U32(ReadOnlySpan<byte> image, int at) => BinaryPrimitives.ReadUInt32LittleEndian(image[at..]);

    private static void U16(Span<byte> image, int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(image[at..], value);

    private static void U32(Span<byte> image, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(image[at..], value);
}
