namespace Percheron.Evaluation.Pictures;

/// <summary>The cosine of the angle between two vectors.</summary>
internal static class Cosine
{
    /// <summary>0 where one of them has no direction.</summary>
    public static double Of(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        double product = 0, length = 0, otherLength = 0;
        for (int i = 0; i < one.Length; i++)
        {
            product += (double)one[i] * other[i];
            length += (double)one[i] * one[i];
            otherLength += (double)other[i] * other[i];
        }
        return length == 0 || otherLength == 0 ? 0 : product / Math.Sqrt(length * otherLength);
    }
}
