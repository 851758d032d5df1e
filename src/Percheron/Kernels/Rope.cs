using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>Rotary position embedding. Source: Su et al. 2021 (RoFormer), section 3.2.</summary>
public static unsafe class Rope
{
    /// <summary>Cosines and sines of <paramref name="position"/> · frequencies[i], times <paramref name="magnitude"/> (YaRN's mscale; 1 without it).</summary>
    /// <param name="position">Absolute position of the row.</param>
    /// <param name="frequencies">Radians per position for each pair [rotated / 2]; scaling variants are already in them.</param>
    /// <param name="magnitude">Factor on both.</param>
    /// <param name="cos">[rotated / 2], written.</param>
    /// <param name="sin">[rotated / 2], written.</param>
    public static void Tabulate(int position, ReadOnlySpan<double> frequencies, float magnitude, float* cos, float* sin)
    {
        for (int i = 0; i < frequencies.Length; i++)
        {
            (double s, double c) = Math.SinCos(position * frequencies[i]);
            cos[i] = (float)(c * magnitude);
            sin[i] = (float)(s * magnitude);
        }
    }

    /// <summary>Rotates the first <paramref name="rotated"/> elements of each head of one row in place: (a, b) becomes (a cos − b sin, b cos + a sin).</summary>
    /// <param name="x">[heads, headDim].</param>
    /// <param name="heads">Heads in the row.</param>
    /// <param name="headDim">Elements of a head.</param>
    /// <param name="rotated">Even, at most <paramref name="headDim"/>; the rest of a head is left alone.</param>
    /// <param name="cos">[rotated / 2], for the row's position.</param>
    /// <param name="sin">[rotated / 2].</param>
    /// <param name="layout">How elements pair up.</param>
    public static void Apply(float* x, int heads, int headDim, int rotated, float* cos, float* sin, RopeLayout layout)
    {
        if (layout == RopeLayout.Adjacent)
        {
            for (int h = 0; h < heads; h++) Adjacent(x + ((long)h * headDim), rotated / 2, cos, sin);
            return;
        }
        for (int h = 0; h < heads; h++)
        {
            float* head = x + ((long)h * headDim);
            switch (InstructionSet.Active)
            {
                case InstructionLevel.Avx512: Halves<Lanes512>(head, rotated / 2, cos, sin); break;
                case InstructionLevel.Avx2: Halves<Lanes256>(head, rotated / 2, cos, sin); break;
                case InstructionLevel.AdvSimd: Halves<Lanes128>(head, rotated / 2, cos, sin); break;
                default: Halves<LanesScalar>(head, rotated / 2, cos, sin); break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Adjacent(float* x, int pairs, float* cos, float* sin)
    {
        for (int i = 0; i < pairs; i++)
        {
            float a = x[2 * i], b = x[(2 * i) + 1];
            x[2 * i] = MathF.FusedMultiplyAdd(a, cos[i], -(b * sin[i]));
            x[(2 * i) + 1] = MathF.FusedMultiplyAdd(b, cos[i], a * sin[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Halves<TLanes>(float* x, int pairs, float* cos, float* sin)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        int whole = pairs & ~15;
        float* y = x + pairs;
        for (int i = 0; i < whole; i += 16)
        {
            TLanes a = TLanes.Load(x + i), b = TLanes.Load(y + i), c = TLanes.Load(cos + i), s = TLanes.Load(sin + i);
            TLanes.Store(TLanes.Fma(a, c, TLanes.Subtract(TLanes.Zero, TLanes.Multiply(b, s))), x + i);
            TLanes.Store(TLanes.Fma(b, c, TLanes.Multiply(a, s)), y + i);
        }
        for (int i = whole; i < pairs; i++)
        {
            float a = x[i], b = y[i];
            x[i] = MathF.FusedMultiplyAdd(a, cos[i], 0f - (b * sin[i]));
            y[i] = MathF.FusedMultiplyAdd(b, cos[i], a * sin[i]);
        }
    }
}
