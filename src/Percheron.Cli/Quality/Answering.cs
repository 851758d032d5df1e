using System.Diagnostics;
using Percheron.Decoding;

namespace Percheron.Cli.Quality;

/// <summary>Lets contenders answer prompts: many at once where only the answers count, one by one where time does.</summary>
internal sealed class Answering(IModality modality, Catalog catalog)
{
    /// <summary>Answers to a run of prompts as one batch, by a drafter that has seen nothing before: they depend on nothing but the run.</summary>
    public EvaluationLine Batch(Contender contender, int first, int count)
    {
        Decoder decoder = NewDecoder(contender);
        Sequence[] sequences = [.. Enumerable.Range(first, count).Select(NewSequence)];
        Run(decoder, sequences);
        return new EvaluationLine(contender.Name, first, [.. sequences.Select(s => s.Output.ToArray())], decoder.Statistics.Steps, decoder.Statistics.Committed);
    }

    /// <summary>The answer to one prompt alone, and the milliseconds it took to the artefact.</summary>
    public (EvaluationLine Line, double Ms) Alone(Contender contender, int index)
    {
        Decoder decoder = NewDecoder(contender);
        Sequence sequence = NewSequence(index);
        long start = Stopwatch.GetTimestamp();
        Run(decoder, [sequence]);
        modality.Render(sequence.Output);
        double ms = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return (new EvaluationLine(contender.Name, index, null, decoder.Statistics.Steps, decoder.Statistics.Committed) { Ms = ms }, ms);
    }

    private Sequence NewSequence(int index)
    {
        (int[] tokens, SequenceOptions options) = modality.Prompt(index);
        return new Sequence(tokens, options);
    }

    private Decoder NewDecoder(Contender contender)
    {
        Drafter drafter = catalog.Drafter(contender.Drafter, modality.Host);
        return new Decoder(modality.Model, drafter, catalog.Verifier(contender.Verifier, modality.Host), new DecoderOptions { Budget = new TimedBudget(contender.NewBudget(drafter, modality.NewPlanner), drafter) });
    }

    private static void Run(Decoder decoder, Sequence[] sequences)
    {
        try
        {
            decoder.Run(sequences);
        }
        finally
        {
            foreach (Sequence sequence in sequences) decoder.Release(sequence);
        }
    }
}
