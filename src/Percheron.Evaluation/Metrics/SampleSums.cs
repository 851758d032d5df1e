namespace Percheron.Evaluation.Metrics;

/// <summary>What a metric adds up, for each of a number of samples: [samples, size].</summary>
/// <param name="size">Numbers of one sample.</param>
public sealed class SampleSums(int size)
{
    private double[] _values = new double[16 * size];

    /// <summary>Numbers of one sample.</summary>
    public int Size { get; } = size;

    /// <summary>Samples there are.</summary>
    public int Count { get; private set; }

    /// <summary>The numbers of a sample [size]; valid until one is added.</summary>
    public ReadOnlySpan<double> this[int sample] =>
        (uint)sample < (uint)Count ? _values.AsSpan(sample * Size, Size) : throw new ArgumentOutOfRangeException(nameof(sample), $"sample {sample} of {Count}");

    /// <summary>Adds a sample; the span [size] is zero and to be filled before the next one is added.</summary>
    public Span<double> Add()
    {
        if ((Count + 1) * Size > _values.Length) Array.Resize(ref _values, 2 * _values.Length);
        Span<double> sample = _values.AsSpan(Count++ * Size, Size);
        sample.Clear();
        return sample;
    }

    /// <summary>The numbers of the sample added last [size], to be added to.</summary>
    public Span<double> Last => Count > 0 ? _values.AsSpan((Count - 1) * Size, Size) : throw new InvalidOperationException("there is no sample yet");

    /// <summary>The sums over all samples [size].</summary>
    public double[] Total()
    {
        var total = new double[Size];
        for (int i = 0; i < Count; i++) AddTo(total, i, 1);
        return total;
    }

    /// <summary>The sums of runs of samples, each of which then counts as one sample: resampling large numbers of large sums becomes affordable.</summary>
    /// <param name="blocks">Most blocks; their sizes differ by one at most.</param>
    public SampleSums Blocks(int blocks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        blocks = Math.Min(blocks, Count);
        SampleSums joined = new(Size);
        for (int block = 0; block < blocks; block++)
        {
            Span<double> sums = joined.Add();
            for (long i = (long)block * Count / blocks; i < (long)(block + 1) * Count / blocks; i++) AddTo(sums, (int)i, 1);
        }
        return joined;
    }

    /// <summary>Adds <paramref name="times"/> × a sample to <paramref name="sums"/> [size].</summary>
    internal void AddTo(Span<double> sums, int sample, int times)
    {
        ReadOnlySpan<double> values = this[sample];
        for (int i = 0; i < values.Length; i++) sums[i] += times * values[i];
    }
}
