using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Percheron.Formats;

/// <summary>Writes the fields of a GGUF version 3 header.</summary>
internal readonly struct GgufEncoder(Stream stream)
{
    // Throws on lone surrogates: they have no UTF-8 and a reader would refuse the file.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public void Write(ReadOnlySpan<byte> bytes) => stream.Write(bytes);

    public void UInt32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        stream.Write(bytes);
    }

    public void UInt64(ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        stream.Write(bytes);
    }

    /// <exception cref="EncoderFallbackException">The text holds half a surrogate pair.</exception>
    public void Text(string text)
    {
        byte[] bytes = Strict.GetBytes(text);
        UInt64((ulong)bytes.Length);
        stream.Write(bytes);
    }

    /// <summary>Type and value.</summary>
    public void Value(GgufValue value)
    {
        UInt32((uint)value.Type);
        if (value.IsArray) Array(value);
        else Scalar(value.ToObject());
    }

    /// <summary>Zeros up to the next multiple of <paramref name="alignment"/>.</summary>
    public void Pad(long alignment)
    {
        for (long missing = (alignment - stream.Position % alignment) % alignment; missing > 0; missing--) stream.WriteByte(0);
    }

    private void Array(GgufValue value)
    {
        UInt32((uint)value.ElementType);
        UInt64((ulong)value.Count);
        object elements = value.ToObject();
        switch (value.ElementType)
        {
            case GgufValueType.String:
                foreach (string text in (string[])elements) Text(text);
                break;
            case GgufValueType.Array:
                foreach (GgufValue inner in (GgufValue[])elements) Array(inner);
                break;
            case GgufValueType.UInt8 or GgufValueType.Int8: Numbers((byte[])elements); break;
            case GgufValueType.UInt16 or GgufValueType.Int16: Numbers((ushort[])elements); break;
            case GgufValueType.UInt32 or GgufValueType.Int32: Numbers((uint[])elements); break;
            case GgufValueType.Float32: Numbers((float[])elements); break;
            case GgufValueType.Bool: Numbers((bool[])elements); break;
            case GgufValueType.Float64: Numbers((double[])elements); break;
            default: Numbers((ulong[])elements); break;
        }
    }

    private void Numbers<T>(T[] elements) where T : unmanaged
    {
        for (int at = 0; at < elements.Length; at += 1 << 20)
            stream.Write(MemoryMarshal.AsBytes<T>(MemoryMarshal.CreateReadOnlySpan(ref elements[at], Math.Min(1 << 20, elements.Length - at))));
    }

    private void Scalar(object value)
    {
        switch (value)
        {
            case byte v: stream.WriteByte(v); break;
            case sbyte v: stream.WriteByte((byte)v); break;
            case bool v: stream.WriteByte(v ? (byte)1 : (byte)0); break;
            case ushort v: Number(v); break;
            case short v: Number(v); break;
            case uint v: Number(v); break;
            case int v: Number(v); break;
            case float v: Number(v); break;
            case ulong v: Number(v); break;
            case long v: Number(v); break;
            case double v: Number(v); break;
            default: Text((string)value); break;
        }
    }

    private void Number<T>(T value) where T : unmanaged => stream.Write(MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref value, 1)));
}
