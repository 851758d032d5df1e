using Percheron.Decoding;

namespace Percheron.Testing;

/// <summary>
/// Yield: a perfect draft is accepted in full, every committed row is evaluated once, and the accepted length is a number to compare with an approved one.
/// </summary>
public static class YieldCheck
{
    private const int Length = 200, Budget = 12;
    private const float Noise = 1.5f;

    private static readonly int[] Prompt = [1, 2, 3, 4, 5];

    /// <summary>Checks what needs no approved number.</summary>
    public static IReadOnlyList<Finding> Run(Pair pair)
    {
        var findings = new List<Finding>
        {
            Finding.Of("yield, every committed row once", () => Rows(pair, SamplingSettings.Greedy) ?? Rows(pair, SamplingSettings.Plain)),
        };
        if (pair.DraftsByModel)
        {
            findings.Add(Finding.Of("yield, a perfect draft, greedy", () => Full(pair, SamplingSettings.Greedy)));
            findings.Add(Finding.Of("yield, a perfect draft, sampled", () => Full(pair, SamplingSettings.Plain)));
            findings.Add(Finding.Of("yield, a perfect draft that is not always asked", () => Full(pair, SamplingSettings.Greedy, 4, 0, 1, 0, 0, 9)));
        }
        return findings;
    }

    /// <summary>The numbers to approve.</summary>
    public static Yield Measure(Pair pair)
    {
        (DecodingStatistics greedy, ToyHost host) = Decode(pair, Noise, SamplingSettings.Greedy, null);
        double rows = (double)host.DraftRows / greedy.Committed;
        return new Yield(Round(greedy.AcceptedLength), Round(Decode(pair, Noise, SamplingSettings.Plain, null).Statistics.AcceptedLength), Round(rows));
    }

    private static double Round(double value) => Math.Round(value, 3);

    private static string? Rows(Pair pair, SamplingSettings sampling)
    {
        var ledger = new Ledger();
        (DecodingStatistics statistics, ToyHost host) = Decode(pair, Noise, sampling, ledger);
        if (ledger.Wrong is not null) return ledger.Wrong;
        if (host.Target.Evaluated != statistics.Rows) return $"the target evaluated {host.Target.Evaluated} rows, the loop counted {statistics.Rows}";
        return statistics.Rows == ledger.Next + ledger.Refused ? null : $"{statistics.Rows} rows were evaluated: {ledger.Next} committed, {ledger.Refused} refused";
    }

    private static string? Full(Pair pair, SamplingSettings sampling, params int[] budgets)
    {
        var ledger = new Ledger { Perfect = true, LawfulOnly = sampling.Temperature > 0, Lossless = pair.NewVerifier(pair.NewHost(NewToy(), 0)).IsLossless };
        (DecodingStatistics statistics, _) = Decode(pair, 0, sampling, ledger, budgets);
        return ledger.Wrong ?? (statistics.Offered == 0 ? "nothing was drafted" : null);
    }

    private static (DecodingStatistics Statistics, ToyHost Host) Decode(Pair pair, float noise, SamplingSettings sampling, Ledger? ledger, params int[] budgets)
    {
        ToyHost host = pair.NewHost(NewToy(), noise);
        Decoder decoder = pair.NewDecoder(host, new DecoderOptions { Budget = new ChangingBudget(budgets.Length > 0 ? budgets : [Budget]), Observer = ledger });
        decoder.Run(new Sequence(Prompt, new SequenceOptions { Sampling = sampling, MaxTokens = Length, Seed = 5 }));
        return (decoder.Statistics, host);
    }

    private static ToyModel NewToy() => new(vocab: 12, order: 3, seed: 7, sharpness: 6);

    // Follows the steps of one sequence: rows are committed one behind the other, and a perfect draft's path ends at a leaf.
    private sealed class Ledger : IStepObserver
    {
        public bool Perfect { get; init; }

        public bool LawfulOnly { get; init; }

        public bool Lossless { get; init; }

        public string? Wrong { get; private set; }

        public long Next { get; private set; }

        public long Refused { get; private set; }

        public void Observe(in Step step)
        {
            if (step.FirstPosition != Next) Wrong ??= $"the cache holds {step.FirstPosition} rows where {Next} were committed";
            Next = step.FirstPosition + step.CommittedRows;
            // Before another round the root is evaluated again, too.
            Refused += step.Aside + step.Tree.Count - step.Acceptance.Path.Length - (step.HasLogits && !step.Acceptance.HasNext ? 0 : 1);
            if (!Perfect || (LawfulOnly && !(Lossless && AllDrawn(step.Tree)))) return;
            int last = step.Acceptance.Path.Length > 0 ? step.Acceptance.Path[^1] : 0;
            if (step.Tree.FirstCandidate(last) >= 0)
                Wrong ??= $"at {step.Sequence.Count} tokens, {step.Acceptance.Path.Length} of a perfect draft of {step.Tree.Candidates} candidates were accepted";
        }

        private static bool AllDrawn(TokenTree tree)
        {
            for (int node = 1; node < tree.Count; node++) if (!tree.IsProbe(node) && tree.Law(node) is null) return false;
            return true;
        }
    }
}
