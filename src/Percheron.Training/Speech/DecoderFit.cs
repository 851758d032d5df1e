using Percheron.Codecs.Speech;
using Percheron.Evaluation.Speech;

namespace Percheron.Training.Speech;

/// <summary>The linear decoder that brings coded frames nearest to the frames they stand for: least squares with a small ridge, in closed form.</summary>
public static class DecoderFit
{
    private const double Ridge = 1e-4;

    /// <summary>Fits the decoder.</summary>
    /// <param name="coded">Sums of codewords, [frames, width].</param>
    /// <param name="wanted">What they stand for, of the same shape.</param>
    /// <param name="width">Numbers of a frame.</param>
    public static FrameDecoder Fit(float[] coded, float[] wanted, int width)
    {
        int columns = (3 * width) + 1, count = coded.Length / width;
        double[] square = new double[columns * columns], right = new double[columns * width];
        float[] around = new float[columns];
        around[^1] = 1;
        for (int t = 0; t < count; t++)
        {
            FrameDecoder.Around(coded, width, t, around);
            ReadOnlySpan<float> target = wanted.AsSpan(t * width, width);
            for (int i = 0; i < columns; i++)
            {
                double value = around[i];
                Span<double> row = square.AsSpan(i * columns, i + 1), cross = right.AsSpan(i * width, width);
                for (int j = 0; j <= i; j++) row[j] += value * around[j];
                for (int j = 0; j < width; j++) cross[j] += value * target[j];
            }
        }
        for (int i = 0; i < columns; i++) square[(i * columns) + i] += Ridge * count;
        var factors = new Cholesky(square, columns);
        float[] weights = new float[width * 3 * width], bias = new float[width];
        double[] solution = new double[columns];
        for (int number = 0; number < width; number++)
        {
            for (int i = 0; i < columns; i++) solution[i] = right[(i * width) + number];
            factors.Solve(solution);
            for (int i = 0; i < 3 * width; i++) weights[(number * 3 * width) + i] = (float)solution[i];
            bias[number] = (float)solution[^1];
        }
        return new FrameDecoder(width, weights, bias);
    }
}
