using Percheron.Decoding;
using Percheron.Planning;

namespace Percheron.Testing;

/// <summary>Exact law: the enumerated law of the whole loop is the target's, for sampling settings of every kind.</summary>
/// <remarks>The source of an enumeration is fresh, also for a verifier that shares noise: its rule has to be right then, too.</remarks>
public static class LawCheck
{
    /// <summary>How far the laws may lie apart.</summary>
    public const double Tolerance = 1e-6;

    private static readonly int[] Prompt = [1, 2, 0, 1, 2];

    private static readonly SamplingSettings Cut = new() { Temperature = 0.8f, TopK = 2, TopP = 1, MinP = 0 };

    private static readonly SamplingSettings Penalized = new()
    {
        Temperature = 1.3f, TopK = 0, TopP = 0.9f, MinP = 0.02f, RepeatPenalty = 1.2f, FrequencyPenalty = 0.2f, PresencePenalty = 0.3f, PenaltyWindow = 4, LogitBias = [new(1, 0.5f)],
    };

    private static readonly Case[] Cases =
    [
        new("plain", SamplingSettings.Plain, 3, 2), new("plain, deep", SamplingSettings.Plain, 2, 3), new("plain, wide", SamplingSettings.Plain, 1, 7), new("top-k", Cut, 3, 2),
        new("top-p and penalties", Penalized, 2, 4), new("beside a neighbour", SamplingSettings.Plain, 2, 2) { Beside = true },
        new("constrained", SamplingSettings.Plain, 2, 2) { Constraint = new ToyConstraint() },
        new("planned by a clock", SamplingSettings.Plain, 3, 2) { Planned = true },
    ];

    /// <summary>Checks a pair. What a lossy verifier changes is measured, not judged.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="maxRuns">Enumerates shorter texts, then smaller trees, where there would be more runs than this; for a lossy verifier, than a tenth of it.</param>
    public static IReadOnlyList<Finding> Run(Pair pair, long maxRuns = 8_000)
    {
        Verifier verifier = pair.NewVerifier(NewHost(pair));
        bool lossless = verifier.IsLossless;
        if (!lossless) maxRuns /= 10;
        // Text has shown more of a verifier that shares noise than its law can, and its runs are many.
        int most = verifier.SharesNoise ? 2 : int.MaxValue;
        var findings = new List<Finding>();
        foreach (Case full in Cases)
        {
            Case it = full with { Length = Math.Min(full.Length, most), Budget = Math.Min(full.Budget, most) };
            string right = "";
            Finding finding = Finding.Of($"law, {it.Name}", () =>
            {
                (double distance, LoopLaw law) = Compare(pair, it, maxRuns);
                right = $"{law.Runs} runs, {law.Law.Length} texts, {distance:E1} from the target's law";
                return Math.Abs(law.Mass - 1) > 1e-9 ? $"the runs weigh {law.Mass}" : lossless && distance > Tolerance ? right : null;
            });
            findings.Add(finding.Ok ? finding with { Detail = right } : finding);
        }
        return findings;
    }

    /// <summary>Whether the law of a pair is seen to differ from the target's, by more than any rounding.</summary>
    public static bool Differs(Pair pair) => Cases.Reverse().Any(c => Compare(pair, c, 8_000).Distance > 1e-3);

    private static (double Distance, LoopLaw Law) Compare(Pair pair, Case it, long maxRuns)
    {
        while (true)
        {
            ToyHost host = NewHost(pair);
            // Its own source always gives its first answers, and cannot be forked: a drafter with threads of its own would start one in every run.
            Func<Sequence>? neighbour = it.Beside ? () => new Sequence([2, 0, 1], new SequenceOptions { Sampling = SamplingSettings.Plain, MaxTokens = 4, Random = new EnumeratingRandom() }) : null;
            LoopLaw law = ExactLaw.OfLoop(() => pair.NewDecoder(host, it.Options()), Prompt, it.Length, it.Sampling, maxRuns, neighbour, it.Constraint);
            if (law.Runs <= maxRuns || (it.Length == 1 && it.Budget <= 1)) return (law.Distance(ExactLaw.OfTarget(host.Target, Prompt, it.Length, it.Sampling, it.Constraint)), law);
            it = it.Length > 1 ? it with { Length = it.Length - 1 } : it with { Budget = it.Budget - 2 };
        }
    }

    private static ToyHost NewHost(Pair pair) => pair.NewHost(new ToyModel(vocab: 3, order: 2, seed: 3, sharpness: 4), noise: 2);

    private sealed record Case(string Name, SamplingSettings Sampling, int Length, int Budget)
    {
        // With another sequence in the batch: a drafter must not mix up whose randomness it uses.
        public bool Beside { get; init; }

        public ITokenConstraint? Constraint { get; init; }

        // With a planner that changes its mind: what it decides may hang on all that has happened, not on what is drawn next.
        public bool Planned { get; init; }

        public DecoderOptions Options() => Planned ? new DecoderOptions { Budget = new Planner(nodes: Budget), Time = new WanderingClock(3) } : new DecoderOptions { Budget = new FixedBudget(Budget) };
    }
}
