using System.Runtime.Intrinsics;

namespace Percheron.Formats.Blocks;

/// <summary>Finds scale and minimum of 32 weights stored as <c>quant × scale − minimum</c> with quants of 0 to 15, by weighted least squares.</summary>
/// <remarks>
/// Rounding to quants makes the error a function with many local minima in the scale, so a fan of scales around "largest weight takes the largest quant" is tried;
/// for each the best scale and minimum for its quants have a closed form. The minimum cannot be negative: a block of positive weights uses zero.
/// </remarks>
internal static class AffineFit
{
    private const int Largest = 15, Lanes = 8, Elements = 32;

    /// <summary>Weights of the error: large weights matter more, small ones still count.</summary>
    public static void Importance(ReadOnlySpan<float> x, Span<float> importance)
    {
        float squares = 0;
        foreach (float value in x) squares += value * value;
        float typical = MathF.Sqrt(squares / x.Length);
        for (int i = 0; i < x.Length; i++) importance[i] = typical + Math.Abs(x[i]);
    }

    public static (float Scale, float Minimum) Search(ReadOnlySpan<float> x, ReadOnlySpan<float> importance)
    {
        float low = 0, high = x[0];
        foreach (float value in x) (low, high) = (Math.Min(low, value), Math.Max(high, value));
        // All weights equal and not positive: the minimum alone represents them.
        if (high - low < 1e-30f || !float.IsFinite(high - low)) return (0, -low);
        (float Scale, float Minimum) best = ((high - low) / Largest, -low);
        float least = Error(x, importance, best.Scale, best.Minimum);
        for (float stretch = Largest - 1.5f; stretch <= Largest + 1.5f; stretch += 0.125f)
        {
            (float scale, float minimum) = Refit(x, importance, (high - low) / stretch, -low);
            if (scale <= 0) continue;
            float error = Error(x, importance, scale, minimum);
            if (error < least) (least, best) = (error, (scale, minimum));
        }
        return best;
    }

    /// <summary>Weighted squared error when every weight takes its nearest quant.</summary>
    public static float Error(ReadOnlySpan<float> x, ReadOnlySpan<float> importance, float scale, float minimum)
    {
        float inverse = scale != 0 ? 1 / scale : 0;
        Vector256<float> sum = Vector256<float>.Zero;
        for (int i = 0; i < Elements; i += Lanes)
        {
            Vector256<float> value = Vector256.Create(x.Slice(i, Lanes));
            Vector256<float> difference = Nearest(value, inverse, minimum) * scale - Vector256.Create(minimum) - value;
            sum += Vector256.Create(importance.Slice(i, Lanes)) * difference * difference;
        }
        return Vector256.Sum(sum);
    }

    /// <summary>Nearest quant of each weight.</summary>
    public static void Quantize(ReadOnlySpan<float> x, float scale, float minimum, Span<byte> quants)
    {
        float inverse = scale != 0 ? 1 / scale : 0;
        for (int i = 0; i < Elements; i += Lanes)
        {
            Vector256<float> nearest = Nearest(Vector256.Create(x.Slice(i, Lanes)), inverse, minimum);
            for (int lane = 0; lane < Lanes; lane++) quants[i + lane] = (byte)nearest[lane];
        }
    }

    /// <summary>The best scale and minimum for the quants that the given ones lead to.</summary>
    private static (float Scale, float Minimum) Refit(ReadOnlySpan<float> x, ReadOnlySpan<float> importance, float scale, float minimum)
    {
        Vector256<float> w = default, wq = default, wqq = default, wx = default, wqx = default;
        for (int i = 0; i < Elements; i += Lanes)
        {
            Vector256<float> value = Vector256.Create(x.Slice(i, Lanes)), weight = Vector256.Create(importance.Slice(i, Lanes));
            Vector256<float> quant = Nearest(value, 1 / scale, minimum);
            w += weight;
            wq += weight * quant;
            wqq += weight * quant * quant;
            wx += weight * value;
            wqx += weight * quant * value;
        }
        (float sumW, float sumQ, float sumQQ, float sumX, float sumQX) =
            (Vector256.Sum(w), Vector256.Sum(wq), Vector256.Sum(wqq), Vector256.Sum(wx), Vector256.Sum(wqx));
        float determinant = sumW * sumQQ - sumQ * sumQ;
        if (determinant <= 0 || sumQQ <= 0) return (0, 0);
        float fitted = (sumQ * sumQX - sumQQ * sumX) / determinant;
        return fitted >= 0 ? ((sumW * sumQX - sumX * sumQ) / determinant, fitted) : (sumQX / sumQQ, 0);
    }

    private static Vector256<float> Nearest(Vector256<float> value, float inverse, float minimum) =>
        Vector256.Clamp(Vector256.Round((value + Vector256.Create(minimum)) * inverse), Vector256<float>.Zero, Vector256.Create((float)Largest));
}
