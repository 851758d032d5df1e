using System.Globalization;
using Percheron.Cli.Hosting;
using Percheron.Cli.Output;

namespace Percheron.Cli.Generation;

/// <summary>Plain decoding and speculation on one prompt and seed, in turn: is the output the same to the byte, and how much faster does it come?</summary>
internal sealed class Comparison(Generator generator, ModelHost host, Terminal terminal)
{
    /// <summary>Plain decoding.</summary>
    private const string Plain = "none";

    /// <summary>Runs both <paramref name="repeats"/> times; returns 0 if nothing differs.</summary>
    /// <exception cref="Failure">The output differs; the report is written before.</exception>
    public int Run(GenerationRequest request, string drafter, string verifier, int repeats, bool json, bool coloured)
    {
        (CompareReport report, GenerationResult last) = Measure(request, drafter, verifier, repeats, json ? null : new TextPrinter(terminal, coloured, request.Seeds));
        if (json) Json.Write(terminal, report);
        else Write(request, report, last, coloured);
        return Judge(request, report);
    }

    /// <summary>Runs both in turn.</summary>
    /// <param name="request">What to generate.</param>
    /// <param name="drafter">Spec of who guesses.</param>
    /// <param name="verifier">Spec of who decides.</param>
    /// <param name="repeats">Runs of each.</param>
    /// <param name="printer">Shows the first text as it comes; null shows nothing.</param>
    public (CompareReport Report, GenerationResult Last) Measure(GenerationRequest request, string drafter, string verifier, int repeats, TextPrinter? printer = null)
    {
        var plain = new List<GenerationResult>();
        var speculative = new List<GenerationResult>();
        for (int i = 0; i < repeats; i++)
        {
            // Who goes first alternates, so that a machine that slows down or speeds up favours neither.
            if (i % 2 == 1) plain.Add(generator.Run(request, Plain, verifier, stop: terminal.Stop));
            speculative.Add(generator.Run(request, drafter, verifier, i == 0 && printer is not null ? printer.Show : null, terminal.Stop));
            if (i == 0) printer?.End();
            if (i % 2 == 0) plain.Add(generator.Run(request, Plain, verifier, stop: terminal.Stop));
            if (terminal.Stop.IsCancellationRequested) throw new Failure("cancelled before the comparison was complete.");
        }
        return (Report(request, plain, speculative), speculative[^1]);
    }

    /// <summary>0 where the output is that of plain decoding.</summary>
    /// <exception cref="Failure">It is not.</exception>
    public int Judge(GenerationRequest request, CompareReport report)
    {
        if (report.Identical) return 0;
        throw new Failure($"the output differs from plain decoding's at token {report.FirstDifference}{(report.DifferentSample is { } sample ? $" of sample {sample}" : "")}: " + (generator.PromisesText(report.Verifier, request.Sampling)
            ? "that is a defect of percheron, please report it with this command line."
            : $"verifier {report.Verifier} does not promise the same text at temperature {Quantity.Rate(request.Sampling.Temperature)}; use --verifier coupled."));
    }

    private CompareReport Report(GenerationRequest request, List<GenerationResult> plain, List<GenerationResult> speculative)
    {
        GenerationResult first = plain[0];
        (SampleResult Is, SampleResult Plain)? difference = Difference(first, plain.Concat(speculative));
        return new CompareReport(
            host.TargetPath, speculative[0].Drafter, speculative[0].Verifier, request.Seed, request.Sampling.Temperature,
            difference is null, difference is { } d ? d.Plain.Tokens.AsSpan().CommonPrefixLength(d.Is.Tokens) : null, request.Prompt, first.Tokens, first.Text, first.FinishText, plain.Count,
            Median(plain.Select(r => r.DecodeRate)), Median(speculative.Select(r => r.DecodeRate)),
            Median(plain.Zip(speculative, (p, s) => p.DecodeRate > 0 ? s.DecodeRate / p.DecodeRate : 0)), StatsReport.Of(plain[^1]), StatsReport.Of(speculative[^1]))
        {
            Samples = SampleReport.Of(first),
            DifferentSample = request.Samples > 1 ? difference?.Is.Index : null,
        };
    }

    private static (SampleResult Is, SampleResult Plain)? Difference(GenerationResult plain, IEnumerable<GenerationResult> runs)
    {
        foreach (GenerationResult run in runs)
            foreach ((SampleResult sample, SampleResult expected) in run.Samples.Zip(plain.Samples))
                if (!sample.Agrees(expected)) return (sample, expected);
        return null;
    }

    /// <summary>The summary of the last run and both speeds, for standard error.</summary>
    public void Write(GenerationRequest request, CompareReport report, GenerationResult last, bool coloured)
    {
        Summary.Write(request, last, terminal, coloured);
        terminal.Note($"compare   plain {Quantity.Rate(report.PlainTokensPerSecond)} tokens/s, speculative {Quantity.Rate(report.SpeculativeTokensPerSecond)} tokens/s:"
            + $" {report.Ratio.ToString("0.00", CultureInfo.InvariantCulture)} × (medians of {report.Repeats})");
        if (report.Identical) terminal.Note($"check     identical: plain decoding gives the same {last.Samples.Sum(s => s.Tokens.Length)} tokens and the same bytes");
    }

    /// <summary>The middle value; of an even number the mean of the middle two.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
