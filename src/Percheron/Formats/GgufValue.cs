using System.Numerics;

namespace Percheron.Formats;

/// <summary>One typed metadata value: a number, a truth value, a string, or an array of one type (arrays may nest).</summary>
/// <remarks>Arrays of a mapped file are decoded each time they are asked for, so that opening a file with a large vocabulary costs no memory.</remarks>
public sealed class GgufValue
{
    private readonly object? _value;
    private readonly GgufArray? _stored;

    private GgufValue(GgufValueType type, object value) => (Type, _value) = (type, value);

    private GgufValue(GgufValueType elementType, Array elements)
        : this(GgufValueType.Array, (object)elements) => (ElementType, Count) = (elementType, elements.Length);

    internal GgufValue(GgufArray stored)
    {
        (Type, ElementType, Count) = (GgufValueType.Array, stored.ElementType, stored.Count);
        _stored = stored;
    }

    public GgufValueType Type { get; }

    /// <summary>Type of the elements where <see cref="Type"/> is an array; meaningless otherwise.</summary>
    public GgufValueType ElementType { get; }

    /// <summary>Elements of an array; 1 for anything else.</summary>
    public long Count { get; } = 1;

    /// <summary>Byte of the file at which the value begins; 0 for a value made in memory.</summary>
    public long DescribedAt { get; internal init; }

    public bool IsArray => Type == GgufValueType.Array;

    /// <summary>The value as .NET sees it: a boxed number or <c>bool</c>, a <c>string</c>, or a fresh typed array (<c>GgufValue[]</c> where arrays nest).</summary>
    /// <exception cref="ObjectDisposedException">An array of a file that has been closed.</exception>
    public object ToObject() => _value ?? _stored!.ToArray();

    /// <summary>The value as an integer of type <typeparamref name="T"/>: any stored integer width will do as long as the number fits.</summary>
    public bool TryInteger<T>(out T number) where T : struct, IBinaryInteger<T>
    {
        Int128? wide = _value switch
        {
            byte v => v, sbyte v => v, ushort v => v, short v => v, uint v => v, int v => v, ulong v => v, long v => v, _ => null,
        };
        number = wide is { } value ? T.CreateTruncating(value) : default;
        return wide is { } exact && Int128.CreateChecked(number) == exact;
    }

    /// <summary>The value as a floating-point number; an integer is not one.</summary>
    public bool TryFloat(out double number)
    {
        number = _value switch { float v => v, double v => v, _ => double.NaN };
        return _value is float or double;
    }

    public bool TryBool(out bool value)
    {
        value = _value is true;
        return _value is bool;
    }

    public bool TryString(out string value)
    {
        value = _value as string ?? "";
        return _value is string;
    }

    /// <summary>What a person calls this kind of value, for messages: <c>Int32</c>, <c>array of String</c>.</summary>
    public string Describe() => IsArray ? $"array of {ElementType}" : Type.ToString();

    public static implicit operator GgufValue(byte value) => new(GgufValueType.UInt8, (object)value);

    public static implicit operator GgufValue(sbyte value) => new(GgufValueType.Int8, (object)value);

    public static implicit operator GgufValue(ushort value) => new(GgufValueType.UInt16, (object)value);

    public static implicit operator GgufValue(short value) => new(GgufValueType.Int16, (object)value);

    public static implicit operator GgufValue(uint value) => new(GgufValueType.UInt32, (object)value);

    public static implicit operator GgufValue(int value) => new(GgufValueType.Int32, (object)value);

    public static implicit operator GgufValue(float value) => new(GgufValueType.Float32, (object)value);

    public static implicit operator GgufValue(bool value) => new(GgufValueType.Bool, (object)value);

    public static implicit operator GgufValue(string value) => new(GgufValueType.String, (object)value);

    public static implicit operator GgufValue(ulong value) => new(GgufValueType.UInt64, (object)value);

    public static implicit operator GgufValue(long value) => new(GgufValueType.Int64, (object)value);

    public static implicit operator GgufValue(double value) => new(GgufValueType.Float64, (object)value);

    public static implicit operator GgufValue(byte[] elements) => new(GgufValueType.UInt8, (Array)elements.Clone());

    public static implicit operator GgufValue(sbyte[] elements) => new(GgufValueType.Int8, (Array)elements.Clone());

    public static implicit operator GgufValue(ushort[] elements) => new(GgufValueType.UInt16, (Array)elements.Clone());

    public static implicit operator GgufValue(short[] elements) => new(GgufValueType.Int16, (Array)elements.Clone());

    public static implicit operator GgufValue(uint[] elements) => new(GgufValueType.UInt32, (Array)elements.Clone());

    public static implicit operator GgufValue(int[] elements) => new(GgufValueType.Int32, (Array)elements.Clone());

    public static implicit operator GgufValue(float[] elements) => new(GgufValueType.Float32, (Array)elements.Clone());

    public static implicit operator GgufValue(bool[] elements) => new(GgufValueType.Bool, (Array)elements.Clone());

    public static implicit operator GgufValue(string[] elements) => new(GgufValueType.String, (Array)elements.Clone());

    public static implicit operator GgufValue(ulong[] elements) => new(GgufValueType.UInt64, (Array)elements.Clone());

    public static implicit operator GgufValue(long[] elements) => new(GgufValueType.Int64, (Array)elements.Clone());

    public static implicit operator GgufValue(double[] elements) => new(GgufValueType.Float64, (Array)elements.Clone());

    /// <summary>An array whose elements are arrays themselves.</summary>
    /// <exception cref="ArgumentException">An element is not an array.</exception>
    public static GgufValue ArrayOfArrays(params GgufValue[] elements)
    {
        if (elements.Any(element => !element.IsArray)) throw new ArgumentException("every element must be an array", nameof(elements));
        return new(GgufValueType.Array, (Array)elements.Clone());
    }

    /// <summary>A scalar read from a file.</summary>
    internal static GgufValue Scalar(GgufValueType type, object value, long describedAt) => new(type, value) { DescribedAt = describedAt };
}
