using BenchmarkDotNet.Attributes;
using Percheron.Benchmarks.Roofline;
using Percheron.Decoding;

namespace Percheron.Benchmarks.Kernels;

/// <summary>From one row of logits to a law and a token, for vocabularies of 32 K and 152 K.</summary>
public unsafe class SamplingBenchmarks : KernelBenchmark
{
    private static readonly SamplingSettings Standard = new() { Temperature = 0.8f }, Penalized = Standard with { RepeatPenalty = 1.1f };

    private readonly Sampler _sampler = new();
    private readonly Distribution _law = new(), _kept = new();
    private readonly PositionNoise _noise = new(1);
    private float[] _logits = [];
    private int _position;

    [Params(32_000, 152_000)]
    public int Vocab { get; set; }

    [Benchmark]
    public void Greedy() => _sampler.Law(_logits, SamplingSettings.Greedy, _law);

    /// <summary>Top-k 40, top-p 0.95, min-p 0.05.</summary>
    [Benchmark]
    public void Cut() => _sampler.Law(_logits, Standard, _law);

    [Benchmark]
    public void CutAndPenalized() => _sampler.Law(_logits, Penalized, _law);

    /// <summary>The whole vocabulary keeps its probability.</summary>
    [Benchmark]
    public void Uncut() => _sampler.Law(_logits, SamplingSettings.Plain, _law);

    /// <summary>The race among the 40 tokens a cut leaves.</summary>
    [Benchmark]
    public int DrawOfCut() => _noise.Draw(_position++, _kept);

    public override Work WorkOf(string method) => method == nameof(DrawOfCut) ? default : new Work(4L * Vocab * (method == nameof(Uncut) ? 3 : 1));

    protected override void Prepare(Random random)
    {
        _logits = new float[Vocab];
        // Sums of uniform numbers are as bell-shaped as logits are.
        for (int i = 0; i < Vocab; i++) _logits[i] = (float)(8 * (random.NextDouble() + random.NextDouble() + random.NextDouble() + random.NextDouble() - 2));
        _sampler.Law(_logits, Standard with { TopP = 1, MinP = 0 }, _kept);
    }
}
