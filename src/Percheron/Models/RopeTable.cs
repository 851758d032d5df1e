using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Percheron.Kernels;

namespace Percheron.Models;

/// <summary>Cosines and sines of a rotary embedding, [position][pair], for the first positions.</summary>
internal sealed unsafe class RopeTable
{
    private readonly float[] _cosines, _sines;

    public RopeTable(RopeConfig config, int positions)
    {
        (Pairs, Positions) = (config.Frequencies.Length, positions);
        _cosines = GC.AllocateUninitializedArray<float>(checked(positions * Pairs), pinned: true);
        _sines = GC.AllocateUninitializedArray<float>(positions * Pairs, pinned: true);
        for (int position = 0; position < positions; position++)
            Rope.Tabulate(position, config.Frequencies, (float)config.Magnitude, Cosines(position), Sines(position));
    }

    /// <summary>Positions tabulated.</summary>
    public int Positions { get; }

    /// <summary>Pairs of a head.</summary>
    public int Pairs { get; }

    /// <summary>Cosine of pair 0 at <paramref name="position"/>; the other pairs follow.</summary>
    public float* Cosines(int position) => At(_cosines, position);

    /// <summary>Sine of pair 0 at <paramref name="position"/>; the other pairs follow.</summary>
    public float* Sines(int position) => At(_sines, position);

    private float* At(float[] table, int position) =>
        (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(table)) + (long)position * Pairs;
}
