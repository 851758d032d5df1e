using System.Runtime.Intrinsics;

namespace Percheron.Formats.Blocks;

/// <summary>Finds the scale of 16 weights stored as <c>quant × scale</c> with quants of −32 to 31, by weighted least squares over a fan of candidate scales.</summary>
/// <remarks>The largest magnitude takes the side that has one quant more, so the scale carries its sign (reversed).</remarks>
internal static class SymmetricFit
{
    private const int Lowest = -32, Highest = 31, Lanes = 8, Elements = 16;

    public static float Search(ReadOnlySpan<float> x, ReadOnlySpan<float> importance)
    {
        float extreme = 0;
        foreach (float value in x) if (Math.Abs(value) > Math.Abs(extreme)) extreme = value;
        if (Math.Abs(extreme) < 1e-30f || !float.IsFinite(extreme)) return 0;
        float best = extreme / Lowest, least = Error(x, importance, best);
        for (float stretch = -1; stretch <= 1; stretch += 0.125f)
        {
            float scale = Refit(x, importance, extreme / (Lowest + stretch));
            float error = Error(x, importance, scale);
            if (error < least) (least, best) = (error, scale);
        }
        return best;
    }

    /// <summary>Weighted squared error when every weight takes its nearest quant.</summary>
    public static float Error(ReadOnlySpan<float> x, ReadOnlySpan<float> importance, float scale)
    {
        float inverse = scale != 0 ? 1 / scale : 0;
        Vector256<float> sum = Vector256<float>.Zero;
        for (int i = 0; i < Elements; i += Lanes)
        {
            Vector256<float> value = Vector256.Create(x.Slice(i, Lanes));
            Vector256<float> difference = Nearest(value, inverse) * scale - value;
            sum += Vector256.Create(importance.Slice(i, Lanes)) * difference * difference;
        }
        return Vector256.Sum(sum);
    }

    /// <summary>Nearest quant of each weight, plus 32: 0 to 63 as stored.</summary>
    public static void Quantize(ReadOnlySpan<float> x, float scale, Span<byte> quants)
    {
        float inverse = scale != 0 ? 1 / scale : 0;
        for (int i = 0; i < Elements; i += Lanes)
        {
            Vector256<float> nearest = Nearest(Vector256.Create(x.Slice(i, Lanes)), inverse);
            for (int lane = 0; lane < Lanes; lane++) quants[i + lane] = (byte)(nearest[lane] - Lowest);
        }
    }

    private static float Refit(ReadOnlySpan<float> x, ReadOnlySpan<float> importance, float scale)
    {
        Vector256<float> wqq = default, wqx = default;
        for (int i = 0; i < Elements; i += Lanes)
        {
            Vector256<float> value = Vector256.Create(x.Slice(i, Lanes)), weight = Vector256.Create(importance.Slice(i, Lanes));
            Vector256<float> quant = Nearest(value, 1 / scale);
            wqq += weight * quant * quant;
            wqx += weight * quant * value;
        }
        float squares = Vector256.Sum(wqq);
        return squares > 0 ? Vector256.Sum(wqx) / squares : scale;
    }

    private static Vector256<float> Nearest(Vector256<float> value, float inverse) =>
        Vector256.Clamp(Vector256.Round(value * inverse), Vector256.Create((float)Lowest), Vector256.Create((float)Highest));
}
