using System.Globalization;
using Percheron.Cli.Generation;

namespace Percheron.Cli.Output;

/// <summary>The closing summary of a run, for standard error.</summary>
internal static class Summary
{
    public static void Write(GenerationRequest request, GenerationResult result, Terminal terminal, bool coloured)
    {
        StatsReport s = StatsReport.Of(result);
        terminal.Note("");
        terminal.Note($"drafter   {result.Drafter}, verifier {result.Verifier}, temperature {Text(request.Sampling.Temperature)}, seed {request.Seed}");
        if (result.Synthetic is { } forced) terminal.Note($"synthetic accepted length forced to {Text(forced)}: lossy, the text means nothing, only the times do");
        terminal.Note($"prompt    {request.Prompt.Length} tokens{Speed(s.PrefillMs, s.PrefillTokensPerSecond)}");
        terminal.Note($"output    {(result.Samples.Count > 1 ? $"{result.Samples.Count} texts, " : "")}{result.Samples.Sum(t => t.Tokens.Length)} tokens{Speed(s.DecodeMs, s.DecodeTokensPerSecond)}, ended by {string.Join(", ", result.Samples.Select(Reason).Distinct())}");
        if (s.Offered > 0)
        {
            terminal.Note($"drafting  accepted length {Text(s.AcceptedLength)} in {s.Steps} steps; accepted {s.Accepted} of {s.Offered} candidates"
                + $" ({Text(100.0 * s.Accepted / s.Offered)} %), by depth {string.Join(' ', s.AcceptedByDepth)}");
        }
        if (BudgetReport.Of(result) is { OffSteps: > 0 } budget) terminal.Note($"budget    {budget.Policy}: off or reduced in {budget.OffSteps} steps, mostly because {budget.Reason}");
        terminal.Note($"time      draft {Text(s.DraftMs)} ms, target {Text(s.TargetMs)} ms, verify {Text(s.VerifyMs)} ms");
        terminal.Note($"memory    peak {Quantity.Bytes(s.PeakMemoryBytes)}, cache {Quantity.Bytes(s.CacheBytes)}");
        if (coloured) terminal.Note("colour    green: drafted and accepted; plain: added by the target");
        terminal.Error.Flush();
    }

    /// <summary>Log-probabilities, one line for each output token.</summary>
    public static void WriteLogProbabilities(GenerateReport report, Terminal terminal)
    {
        if (report.LogProbabilities is not { } all) return;
        terminal.Note("");
        for (int i = 0; i < all.Length; i++)
            terminal.Note($"{report.Tokens[i],8} {all[i].ToString("0.0000", CultureInfo.InvariantCulture)}  {string.Join("  ", report.TopLogProbabilities![i].Select(t => $"{t.Token} '{t.Piece}' {t.LogProbability.ToString("0.0000", CultureInfo.InvariantCulture)}"))}");
    }

    private static string Speed(double milliseconds, double rate) => rate > 0 ? $" in {Text(milliseconds)} ms, {Quantity.Rate(rate)} tokens/s" : "";

    private static string Reason(SampleResult sample) => sample.FinishText switch
    {
        "stop" => "a stop",
        "cancelled" => "Ctrl-C",
        _ => "length",
    };

    private static string Text(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
