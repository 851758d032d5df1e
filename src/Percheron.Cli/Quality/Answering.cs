using System.Diagnostics;
using Percheron.Decoding;

namespace Percheron.Cli.Quality;

/// <summary>Lets contenders answer prompts: many at once where only the answers count, one by one where time does.</summary>
internal sealed class Answering(IModality modality, Catalog catalog)
{
    /// <summary>Answers to a run of prompts as one batch, by a drafter that has seen nothing before: they depend on nothing but the run.</summary>
    public EvaluationLine Batch(Contender contender, int first, int count)
    {
        Sequence[] sequences = [.. Enumerable.Range(first, count).Select(NewSequence)];
        DecodingStatistics statistics = NewRun(contender)(sequences);
        return new EvaluationLine(contender.Name, first, [.. sequences.Select(s => s.Output.ToArray())], statistics.Steps, statistics.Committed);
    }

    /// <summary>The answer to one prompt alone, with the milliseconds it took to the artefact.</summary>
    public EvaluationLine Alone(Contender contender, int index)
    {
        Func<Sequence[], DecodingStatistics> run = NewRun(contender);
        Sequence sequence = NewSequence(index);
        long start = Stopwatch.GetTimestamp();
        DecodingStatistics statistics = run([sequence]);
        modality.Render(sequence.Output);
        return new EvaluationLine(contender.Name, index, null, statistics.Steps, statistics.Committed) { Ms = Stopwatch.GetElapsedTime(start).TotalMilliseconds };
    }

    private Sequence NewSequence(int index)
    {
        (int[] tokens, SequenceOptions options) = modality.Prompt(index);
        return new Sequence(tokens, options);
    }

    // Everything is made before the clock runs.
    private Func<Sequence[], DecodingStatistics> NewRun(Contender contender)
    {
        if (contender.Window is { } window)
        {
            RowParallelDecoder rows = new(modality.Model, modality.RowWidth, window);
            return sequences => Run(sequences, () => rows.Run(sequences), rows.Release, rows.Statistics);
        }
        Drafter drafter = catalog.Drafter(contender.Drafter, modality.Host);
        Decoder decoder = new(modality.Model, drafter, catalog.Verifier(contender.Verifier, modality.Host), new DecoderOptions { Budget = new TimedBudget(contender.NewBudget(drafter, modality.NewPlanner), drafter) });
        return sequences => Run(sequences, () => decoder.Run(sequences), decoder.Release, decoder.Statistics);
    }

    private static DecodingStatistics Run(Sequence[] sequences, Action decode, Action<Sequence> release, DecodingStatistics statistics)
    {
        try
        {
            decode();
        }
        finally
        {
            foreach (Sequence sequence in sequences) release(sequence);
        }
        return statistics;
    }
}
