namespace Percheron.Formats;

/// <summary>Typed reading of a file's metadata: what is missing or of the wrong type ends in one clear error.</summary>
/// <remarks>Integers of any stored width are accepted where the number fits, because converters disagree about widths.</remarks>
public static class GgufMetadata
{
    private delegate bool Reader<T>(GgufValue value, out T result);

    /// <exception cref="ModelFormatException">Missing, or not a string.</exception>
    public static string GetString(this GgufFile file, string key) => Required<string>(file, key, "a string", ReadString);

    /// <exception cref="ModelFormatException">Present, but not a string.</exception>
    public static string GetString(this GgufFile file, string key, string fallback) => file.TryGetString(key, out string value) ? value : fallback;

    /// <exception cref="ModelFormatException">Present, but not a string.</exception>
    public static bool TryGetString(this GgufFile file, string key, out string value) => Optional(file, key, "a string", ReadString, "", out value);

    /// <exception cref="ModelFormatException">Missing, or not an integer that fits.</exception>
    public static uint GetUInt32(this GgufFile file, string key) => Required<uint>(file, key, "an unsigned integer", ReadInteger);

    /// <exception cref="ModelFormatException">Present, but not an integer that fits.</exception>
    public static uint GetUInt32(this GgufFile file, string key, uint fallback) => file.TryGetUInt32(key, out uint value) ? value : fallback;

    /// <exception cref="ModelFormatException">Present, but not an integer that fits.</exception>
    public static bool TryGetUInt32(this GgufFile file, string key, out uint value) => Optional(file, key, "an unsigned integer", ReadInteger, 0u, out value);

    /// <exception cref="ModelFormatException">Missing, or not an integer that fits.</exception>
    public static int GetInt32(this GgufFile file, string key) => Required<int>(file, key, "an integer", ReadInteger);

    /// <exception cref="ModelFormatException">Present, but not an integer that fits.</exception>
    public static int GetInt32(this GgufFile file, string key, int fallback) => file.TryGetInt32(key, out int value) ? value : fallback;

    /// <exception cref="ModelFormatException">Present, but not an integer that fits.</exception>
    public static bool TryGetInt32(this GgufFile file, string key, out int value) => Optional(file, key, "an integer", ReadInteger, 0, out value);

    /// <exception cref="ModelFormatException">Missing, or not a floating-point number.</exception>
    public static float GetFloat32(this GgufFile file, string key) => Required<float>(file, key, "a floating-point number", ReadFloat);

    /// <exception cref="ModelFormatException">Present, but not a floating-point number.</exception>
    public static float GetFloat32(this GgufFile file, string key, float fallback) => file.TryGetFloat32(key, out float value) ? value : fallback;

    /// <exception cref="ModelFormatException">Present, but not a floating-point number.</exception>
    public static bool TryGetFloat32(this GgufFile file, string key, out float value) => Optional(file, key, "a floating-point number", ReadFloat, 0f, out value);

    /// <exception cref="ModelFormatException">Missing, or not a truth value.</exception>
    public static bool GetBool(this GgufFile file, string key) => Required<bool>(file, key, "a truth value", ReadBool);

    /// <exception cref="ModelFormatException">Present, but not a truth value.</exception>
    public static bool GetBool(this GgufFile file, string key, bool fallback) => file.TryGetBool(key, out bool value) ? value : fallback;

    /// <exception cref="ModelFormatException">Present, but not a truth value.</exception>
    public static bool TryGetBool(this GgufFile file, string key, out bool value) => Optional(file, key, "a truth value", ReadBool, false, out value);

    /// <summary>A fresh array of the strings.</summary>
    /// <exception cref="ModelFormatException">Missing, or not an array of strings.</exception>
    public static string[] GetStrings(this GgufFile file, string key) => Required<string[]>(file, key, "an array of strings", ReadStrings);

    /// <exception cref="ModelFormatException">Present, but not an array of strings.</exception>
    public static bool TryGetStrings(this GgufFile file, string key, out string[] values) => Optional(file, key, "an array of strings", ReadStrings, [], out values);

    /// <summary>A fresh array of the numbers.</summary>
    /// <exception cref="ModelFormatException">Missing, or not an array of floating-point numbers.</exception>
    public static float[] GetFloats(this GgufFile file, string key) => Required<float[]>(file, key, "an array of floating-point numbers", ReadFloats);

    /// <exception cref="ModelFormatException">Present, but not an array of floating-point numbers.</exception>
    public static bool TryGetFloats(this GgufFile file, string key, out float[] values) => Optional(file, key, "an array of floating-point numbers", ReadFloats, [], out values);

    /// <summary>A fresh array of the integers; any stored width.</summary>
    /// <exception cref="ModelFormatException">Missing, or not an array of integers that fit.</exception>
    public static int[] GetInts(this GgufFile file, string key) => Required<int[]>(file, key, "an array of integers", ReadInts);

    /// <exception cref="ModelFormatException">Present, but not an array of integers that fit.</exception>
    public static bool TryGetInts(this GgufFile file, string key, out int[] values) => Optional(file, key, "an array of integers", ReadInts, [], out values);

    private static T Required<T>(GgufFile file, string key, string kind, Reader<T> read)
    {
        if (!file.Metadata.TryGetValue(key, out GgufValue? value)) throw file.Fault(key, $"metadata key '{key}' ({kind}) is missing");
        return read(value, out T result) ? result : throw WrongKind(file, key, kind, value);
    }

    private static bool Optional<T>(GgufFile file, string key, string kind, Reader<T> read, T missing, out T result)
    {
        result = missing;
        if (!file.Metadata.TryGetValue(key, out GgufValue? value)) return false;
        return read(value, out result) ? true : throw WrongKind(file, key, kind, value);
    }

    private static ModelFormatException WrongKind(GgufFile file, string key, string kind, GgufValue value) =>
        file.Fault(key, $"metadata key '{key}' should be {kind}, but is {value.Describe()}{(value.IsArray || value.Type == GgufValueType.String ? "" : $" {value.ToObject()}")}");

    private static bool ReadString(GgufValue value, out string result) => value.TryString(out result);

    private static bool ReadInteger(GgufValue value, out uint result) => value.TryInteger(out result);

    private static bool ReadInteger(GgufValue value, out int result) => value.TryInteger(out result);

    private static bool ReadBool(GgufValue value, out bool result) => value.TryBool(out result);

    private static bool ReadFloat(GgufValue value, out float result)
    {
        bool isFloat = value.TryFloat(out double wide);
        result = (float)wide;
        return isFloat;
    }

    private static bool ReadStrings(GgufValue value, out string[] result)
    {
        result = value is { IsArray: true, ElementType: GgufValueType.String } ? (string[])value.ToObject() : [];
        return value is { IsArray: true, ElementType: GgufValueType.String };
    }

    private static bool ReadFloats(GgufValue value, out float[] result)
    {
        bool isFloats = value is { IsArray: true, ElementType: GgufValueType.Float32 or GgufValueType.Float64 };
        result = !isFloats ? [] : value.ToObject() is double[] wide ? Array.ConvertAll(wide, x => (float)x) : (float[])value.ToObject();
        return isFloats;
    }

    private static bool ReadInts(GgufValue value, out int[] result)
    {
        result = [];
        if (!value.IsArray) return false;
        try
        {
            // By element type, not by pattern: the runtime lets a uint[] pass for an int[].
            object values = value.ToObject();
            int[]? converted = value.ElementType switch
            {
                GgufValueType.Int32 => (int[])values,
                GgufValueType.UInt8 => Array.ConvertAll((byte[])values, x => (int)x),
                GgufValueType.Int8 => Array.ConvertAll((sbyte[])values, x => (int)x),
                GgufValueType.UInt16 => Array.ConvertAll((ushort[])values, x => (int)x),
                GgufValueType.Int16 => Array.ConvertAll((short[])values, x => (int)x),
                GgufValueType.UInt32 => Array.ConvertAll((uint[])values, x => checked((int)x)),
                GgufValueType.UInt64 => Array.ConvertAll((ulong[])values, x => checked((int)x)),
                GgufValueType.Int64 => Array.ConvertAll((long[])values, x => checked((int)x)),
                _ => null,
            };
            result = converted ?? [];
            return converted is not null;
        }
        catch (OverflowException)
        {
            return false;
        }
    }
}
