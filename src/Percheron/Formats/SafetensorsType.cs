namespace Percheron.Formats;

/// <summary>Element type of a safetensors tensor, by its name in the file.</summary>
/// <remarks>Files may hold every type listed (position ids, masks); F32, F16 and BF16 are read as numbers.</remarks>
public enum SafetensorsType
{
    BOOL,
    U8,
    I8,
    F8_E5M2,
    F8_E4M3,
    I16,
    U16,
    F16,
    BF16,
    I32,
    U32,
    F32,
    F64,
    I64,
    U64,
}
