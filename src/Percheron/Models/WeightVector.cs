namespace Percheron.Models;

/// <summary>A norm weight, bias or other small vector of a model as F32, at an address that does not move.</summary>
internal sealed unsafe class WeightVector
{
    private readonly float[] _values;

    public WeightVector(ReadOnlySpan<float> values)
    {
        _values = GC.AllocateUninitializedArray<float>(values.Length, pinned: true);
        values.CopyTo(_values);
        Pointer = (float*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(_values));
    }

    public ReadOnlySpan<float> Values => _values;

    /// <summary>First value; valid as long as this object lives.</summary>
    public float* Pointer { get; }
}
