using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>Normalisation over groups of channels of a picture [pixels, channels]. Source: Wu and He, "Group Normalization" (2018), equation 7.</summary>
/// <remarks>Sums go pixel by pixel for each channel, then channel by channel within a group: the same chain in every form.</remarks>
public static unsafe class GroupNorm
{
    /// <summary>Floats of scratch for a number of channels.</summary>
    public static int ScratchLength(int channels) => 2 * channels;

    /// <summary>x = (x − mean) ÷ √(variance + epsilon) · weight + bias, mean and variance over all pixels of the channels of a group; in place.</summary>
    /// <param name="x">The picture [pixels, channels].</param>
    /// <param name="weight">[channels].</param>
    /// <param name="bias">[channels].</param>
    /// <param name="groups">Number of groups; divides the channels.</param>
    /// <param name="epsilon">Keeps the root from zero.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/>.</param>
    public static void Apply(Span<float> x, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, int groups, float epsilon, Span<float> scratch)
    {
        int channels = weight.Length;
        if (channels == 0 || bias.Length != channels || x.Length == 0 || x.Length % channels != 0 || groups < 1 || channels % groups != 0 || scratch.Length < ScratchLength(channels))
            throw new ArgumentException("The sizes of a group norm do not fit its operands.", nameof(x));
        fixed (float* p = x, w = weight, b = bias, s = scratch)
        {
            int pixels = x.Length / channels;
            switch (InstructionSet.Active)
            {
                case InstructionLevel.Avx512: Run<Lanes512>(p, w, b, pixels, channels, groups, epsilon, s); break;
                case InstructionLevel.Avx2: Run<Lanes256>(p, w, b, pixels, channels, groups, epsilon, s); break;
                case InstructionLevel.AdvSimd: Run<Lanes128>(p, w, b, pixels, channels, groups, epsilon, s); break;
                default: Run<LanesScalar>(p, w, b, pixels, channels, groups, epsilon, s); break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TLanes>(float* x, float* weight, float* bias, int pixels, int channels, int groups, float epsilon, float* scratch)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        float* mean = scratch, factor = scratch + channels;
        float count = (float)pixels * (channels / groups);
        for (int c = 0; c < channels; c += 16)
        {
            int lanes = Math.Min(16, channels - c);
            TLanes sum = TLanes.Zero;
            for (int p = 0; p < pixels; p++) sum = TLanes.Add(sum, Read<TLanes>(x + ((long)p * channels) + c, lanes));
            Write(sum, mean + c, lanes);
        }
        Share(mean, channels, groups, count);
        for (int c = 0; c < channels; c += 16)
        {
            int lanes = Math.Min(16, channels - c);
            TLanes middle = Read<TLanes>(mean + c, lanes), sum = TLanes.Zero;
            for (int p = 0; p < pixels; p++)
            {
                TLanes difference = TLanes.Subtract(Read<TLanes>(x + ((long)p * channels) + c, lanes), middle);
                sum = TLanes.Fma(difference, difference, sum);
            }
            Write(sum, factor + c, lanes);
        }
        Share(factor, channels, groups, count);
        for (int c = 0; c < channels; c++) factor[c] = 1f / MathF.Sqrt(factor[c] + epsilon) * weight[c];
        for (int c = 0; c < channels; c += 16)
        {
            int lanes = Math.Min(16, channels - c);
            TLanes middle = Read<TLanes>(mean + c, lanes), by = Read<TLanes>(factor + c, lanes), add = Read<TLanes>(bias + c, lanes);
            for (int p = 0; p < pixels; p++)
            {
                float* at = x + ((long)p * channels) + c;
                Write(TLanes.Fma(TLanes.Subtract(Read<TLanes>(at, lanes), middle), by, add), at, lanes);
            }
        }
    }

    // Every channel of a group gets the group's sum over the count.
    private static void Share(float* sums, int channels, int groups, float count)
    {
        int size = channels / groups;
        for (int g = 0; g < groups; g++)
        {
            float total = 0;
            for (int c = g * size; c < (g + 1) * size; c++) total += sums[c];
            for (int c = g * size; c < (g + 1) * size; c++) sums[c] = total / count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Read<TLanes>(float* source, int count)
        where TLanes : unmanaged, ILanes<TLanes> => count == 16 ? TLanes.Load(source) : Partial.Load<TLanes>(source, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write<TLanes>(TLanes value, float* target, int count)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        if (count == 16) TLanes.Store(value, target);
        else Partial.Store(value, target, count);
    }
}
