using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>Two-dimensional convolution of a picture whose channels lie side by side [height, width, channels].</summary>
/// <remarks>
/// Each output is one chain of fused multiply-adds that begins with its bias and takes rows of the kernel, then its columns, then channels, in order. Sixteen output channels are the lanes of a vector, so
/// every form of every instruction set makes the same chain, and so does every split of the rows. Frames are in the input: the caller stands the picture in zeros.
/// </remarks>
public static unsafe class Convolution
{
    private const int Lanes = 16;

    /// <summary>Parts that can be computed apart: the rows of each sixteen output channels.</summary>
    public static int Parts(in ConvolutionShape shape) => Groups(shape) * shape.Height;

    /// <summary>Floats of packed weights.</summary>
    public static int PackedLength(in ConvolutionShape shape) => Groups(shape) * shape.Reduction * Lanes;

    /// <summary>Floats of a packed bias.</summary>
    public static int PackedBiasLength(in ConvolutionShape shape) => Groups(shape) * Lanes;

    /// <summary>Packs weights [outputs, kernel height, kernel width, inputs] for <see cref="Apply"/>: by sixteen outputs [group, kernel height, kernel width, inputs, 16], zeros where there are fewer.</summary>
    public static void Pack(in ConvolutionShape shape, ReadOnlySpan<float> weights, Span<float> packed)
    {
        Check(weights.Length >= (long)shape.Outputs * shape.Reduction, nameof(weights));
        Check(packed.Length >= PackedLength(shape), nameof(packed));
        packed[..PackedLength(shape)].Clear();
        for (int o = 0; o < shape.Outputs; o++)
        {
            int group = o / Lanes * shape.Reduction * Lanes;
            for (int i = 0; i < shape.Reduction; i++) packed[group + (i * Lanes) + (o % Lanes)] = weights[(o * shape.Reduction) + i];
        }
    }

    /// <summary>Computes parts <paramref name="from"/> to <paramref name="to"/> (exclusive).</summary>
    /// <param name="shape">Sizes.</param>
    /// <param name="input">The picture in its frame [framed height, framed width, inputs].</param>
    /// <param name="packed">What <see cref="Pack"/> made.</param>
    /// <param name="bias">A bias for each output, padded with zeros to <see cref="PackedBiasLength"/>.</param>
    /// <param name="output">The whole output [height, width, outputs]; only the parts asked for are written.</param>
    /// <param name="from">First part.</param>
    /// <param name="to">Part behind the last, at most <see cref="Parts"/>.</param>
    public static void Apply(in ConvolutionShape shape, ReadOnlySpan<float> input, ReadOnlySpan<float> packed, ReadOnlySpan<float> bias, Span<float> output, int from, int to)
    {
        Check(from >= 0 && from <= to && to <= Parts(shape), nameof(from));
        Check(shape.IsWithin(input.Length), nameof(input));
        Check(packed.Length >= PackedLength(shape), nameof(packed));
        Check(bias.Length >= PackedBiasLength(shape), nameof(bias));
        Check(output.Length >= (long)shape.Height * shape.Width * shape.Outputs, nameof(output));
        fixed (float* x = input, w = packed, b = bias, y = output)
        {
            switch (InstructionSet.Active)
            {
                case InstructionLevel.Avx512: Run<Lanes512>(shape, x, w, b, y, from, to); break;
                case InstructionLevel.Avx2: Run<Lanes256>(shape, x, w, b, y, from, to); break;
                case InstructionLevel.AdvSimd: Run<Lanes128>(shape, x, w, b, y, from, to); break;
                default: Run<LanesScalar>(shape, x, w, b, y, from, to); break;
            }
        }
    }

    private static int Groups(in ConvolutionShape shape) => (shape.Outputs + Lanes - 1) / Lanes;

    private static void Check(bool fits, string name)
    {
        if (!fits) throw new ArgumentException("The sizes of a convolution do not fit its operands.", name);
    }

    private static void Run<TLanes>(in ConvolutionShape shape, float* input, float* packed, float* bias, float* output, int from, int to)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        for (int part = from; part < to; part++)
        {
            (int g, int y) = Math.DivRem(part, shape.Height);
            float* weights = packed + ((long)g * shape.Reduction * Lanes);
            int count = Math.Min(Lanes, shape.Outputs - (g * Lanes)), x = 0;
            for (; x + 4 <= shape.Width; x += 4) Four<TLanes>(shape, input, weights, bias + (g * Lanes), Out(shape, output, g, y, x), count, y, x);
            for (; x < shape.Width; x++) One<TLanes>(shape, input, weights, bias + (g * Lanes), Out(shape, output, g, y, x), count, y, x);
        }
    }

    private static float* Out(in ConvolutionShape shape, float* output, int group, int y, int x) => output + ((((long)y * shape.Width) + x) * shape.Outputs) + (group * Lanes);

    /// <summary>Four neighbours, so that weights are read once for four chains.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four<TLanes>(in ConvolutionShape shape, float* input, float* weights, float* bias, float* output, int count, int y, int x)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes a = TLanes.Load(bias), b = a, c = a, d = a;
        int inputs = shape.Inputs;
        long step = (long)shape.Across * inputs;
        for (int ky = 0; ky < shape.KernelHeight; ky++)
        {
            for (int kx = 0; kx < shape.KernelWidth; kx++)
            {
                float* p = input + shape.At(y, x, ky, kx);
                for (int i = 0; i < inputs; i++, p++, weights += Lanes)
                {
                    TLanes w = TLanes.Load(weights);
                    a = TLanes.Fma(TLanes.Broadcast(*p), w, a);
                    b = TLanes.Fma(TLanes.Broadcast(p[step]), w, b);
                    c = TLanes.Fma(TLanes.Broadcast(p[2 * step]), w, c);
                    d = TLanes.Fma(TLanes.Broadcast(p[3 * step]), w, d);
                }
            }
        }
        Store(a, output, count);
        Store(b, output + shape.Outputs, count);
        Store(c, output + (2 * shape.Outputs), count);
        Store(d, output + (3 * shape.Outputs), count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<TLanes>(in ConvolutionShape shape, float* input, float* weights, float* bias, float* output, int count, int y, int x)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes a = TLanes.Load(bias);
        for (int ky = 0; ky < shape.KernelHeight; ky++)
        {
            for (int kx = 0; kx < shape.KernelWidth; kx++)
            {
                float* p = input + shape.At(y, x, ky, kx);
                for (int i = 0; i < shape.Inputs; i++, weights += Lanes) a = TLanes.Fma(TLanes.Broadcast(p[i]), TLanes.Load(weights), a);
            }
        }
        Store(a, output, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TLanes>(TLanes value, float* target, int count)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        if (count == Lanes) TLanes.Store(value, target);
        else Partial.Store(value, target, count);
    }
}
