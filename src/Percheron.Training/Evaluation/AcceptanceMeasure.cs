using Percheron.Decoding;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Training.Tokens;
using Percheron.Verifiers;

namespace Percheron.Training.Evaluation;

/// <summary>
/// Held-out acceptance: the library's own engine writes on from the first lines of held-out documents with a drafter, at temperature 0 and 1, and counts. The verifier is <c>coupled</c>, so the
/// text is that of plain decoding whatever the drafter; no clock takes part, so the numbers repeat.
/// </summary>
public sealed class AcceptanceMeasure : IDisposable
{
    private const int Together = 16;
    private static readonly float[] Temperatures = [0, 1];
    private readonly GgufFile _file;
    private readonly IReadOnlyList<int[]> _prompts;
    private readonly int _tokens, _threads;

    /// <param name="target">The target's file.</param>
    /// <param name="prompts">Prompts, each beginning with the end of text.</param>
    /// <param name="tokens">Most tokens of one answer.</param>
    /// <param name="threads">Threads of the target.</param>
    public AcceptanceMeasure(string target, IReadOnlyList<int[]> prompts, int tokens, int threads)
    {
        (_prompts, _tokens, _threads) = (prompts, tokens, threads);
        _file = GgufFile.Open(target);
        Target = Transformer.Load(_file, new ModelOptions { Threads = threads });
    }

    /// <summary>The target.</summary>
    public Transformer Target { get; }

    /// <summary>One number for all of it: the mean of the accepted lengths.</summary>
    public static double Score(IReadOnlyList<AcceptanceAt> measured) => measured.Average(m => m.AcceptedLength);

    /// <summary>Measures a drafter.</summary>
    /// <param name="drafter">Makes the drafter for a target; called for each temperature, so that none remembers the other's texts.</param>
    /// <param name="changedTarget">The file of the target it was trained together with; null: it belongs to <see cref="Target"/>.</param>
    public IReadOnlyList<AcceptanceAt> Measure(Func<Transformer, Drafter> drafter, string? changedTarget = null)
    {
        if (changedTarget is null) return [.. Temperatures.Select(temperature => At(temperature, Target, drafter(Target)))];
        using GgufFile file = GgufFile.Open(changedTarget);
        using var target = Transformer.Load(file, new ModelOptions { Threads = _threads });
        return [.. Temperatures.Select(temperature => At(temperature, target, drafter(target)))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Target.Dispose();
        _file.Dispose();
    }

    private AcceptanceAt At(float temperature, Transformer target, Drafter drafter)
    {
        using var owned = drafter as IDisposable;
        var decoder = new Decoder(target, drafter, new Coupled());
        var texts = _prompts.Select((prompt, i) => new Sequence(prompt, new SequenceOptions
        {
            MaxTokens = _tokens,
            Sampling = SamplingSettings.Plain with { Temperature = temperature },
            Seed = (ulong)i,
            StopTokens = [BpeVocabulary.EndOfText],
        }));
        foreach (Sequence[] batch in texts.Chunk(Together)) decoder.Run(batch);
        DecodingStatistics counted = decoder.Statistics;
        ReadOnlySpan<long> accepted = counted.AcceptedByDepth, offered = counted.OfferedByDepth;
        var byDepth = new double[offered.Length];
        for (int depth = 0; depth < byDepth.Length; depth++) byDepth[depth] = depth < accepted.Length ? (double)accepted[depth] / offered[depth] : 0;
        return new AcceptanceAt(temperature, counted.AcceptedLength, byDepth, counted.Committed);
    }
}
