using Percheron.Decoding;
using Percheron.Planning;

namespace Percheron.Testing;

/// <summary>A step in steady state allocates nothing on the managed heap, and sequences that have ended, been preempted or been cancelled leave no cache behind.</summary>
public static class AllocationCheck
{
    private const int Warm = 300, Measured = 400;

    // Buffers that hold a whole sequence double now and then, and must; between two doublings nothing is allocated.
    private const int Quiet = 32;

    /// <summary>Checks a pair, greedy and sampled, on a batch of two.</summary>
    public static IReadOnlyList<Finding> Run(Pair pair) =>
        [Finding.Of("allocation, greedy", () => Check(pair, SamplingSettings.Greedy)), Finding.Of("allocation, sampled", () => Check(pair, SamplingSettings.Plain)),
            Finding.Of("allocation, planned", () => Check(pair, SamplingSettings.Greedy, planned: true)), Finding.Of("allocation, caches freed", () => Left(pair))];

    private static string? Check(Pair pair, SamplingSettings sampling, bool planned = false)
    {
        ToyHost host = pair.NewHost(new ToyModel(vocab: 12, order: 3, seed: 7, sharpness: 6), noise: 1.5f);
        Decoder decoder = pair.NewDecoder(host, planned ? new DecoderOptions { Budget = new Planner(), Time = new WanderingClock(1) } : new DecoderOptions { Budget = new FixedBudget(12) });
        Sequence[] batch = [NewSequence([1, 2, 3], 1), NewSequence([4, 5], 2)];
        for (int i = 0; i < Warm; i++) decoder.Step(batch);
        int quiet = 0, longest = 0;
        for (int i = 0; i < Measured && longest < Quiet; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            decoder.Step(batch);
            quiet = GC.GetAllocatedBytesForCurrentThread() == before ? quiet + 1 : 0;
            longest = Math.Max(longest, quiet);
        }
        return longest < Quiet ? $"of {Measured} steps no more than {longest} in a row allocated nothing" : null;

        Sequence NewSequence(int[] prompt, ulong seed) => new(prompt, new SequenceOptions { Sampling = sampling, MaxTokens = 100_000, Seed = seed });
    }

    private static string? Left(Pair pair)
    {
        ToyHost host = pair.NewHost(new ToyModel(vocab: 12, order: 3, seed: 7, sharpness: 6), noise: 1.5f);
        Decoder decoder = pair.NewDecoder(host, new DecoderOptions { Budget = new FixedBudget(12) });
        Sequence[] batch = [.. Enumerable.Range(1, 4).Select(i => new Sequence([i, 2, 3], new SequenceOptions { Sampling = SamplingSettings.Plain, MaxTokens = 10 * i, Seed = (ulong)i }))];
        for (int i = 0; i < 3; i++) decoder.Step(batch);
        decoder.Preempt(batch[3]);
        batch[2].Cancel();
        decoder.Release(batch[2]);
        decoder.Run(batch);
        int drafts = host.Drafts.Sum(d => d.LiveCaches);
        return host.Target.LiveCaches + drafts == 0 ? null : $"{host.Target.LiveCaches} caches of the target and {drafts} of drafts are left";
    }
}
