using System.Runtime.InteropServices;

namespace Percheron.Tests.Kernels;

/// <summary>Native memory for a test: off by some bytes from any alignment if asked, filled with a pattern so that unwritten elements show.</summary>
public sealed unsafe class Block : IDisposable
{
    private readonly byte* _base;

    public Block(long bytes, int misalign = 0)
    {
        _base = (byte*)NativeMemory.AlignedAlloc((nuint)(bytes + misalign + 64), 64);
        Bytes = _base + misalign;
        Length = bytes;
        new Span<byte>(Bytes, checked((int)bytes)).Fill(0xA5);
    }

    public byte* Bytes { get; }

    public long Length { get; }

    public float* Floats => (float*)Bytes;

    public static Block Of(ReadOnlySpan<float> values, int misalign = 0)
    {
        Block block = new(values.Length * sizeof(float), misalign);
        values.CopyTo(new Span<float>(block.Bytes, values.Length));
        return block;
    }

    public float[] ToArray(int count) => new ReadOnlySpan<float>(Bytes, count).ToArray();

    public void Dispose() => NativeMemory.AlignedFree(_base);
}
