using Percheron.Codecs;
using Percheron.Codecs.Speech;
using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Evaluation.Metrics;
using Percheron.Evaluation.Speech;
using Percheron.Models;
using Percheron.Models.Encoders;
using Percheron.Training.Speech;
using Percheron.Verifiers;

namespace Percheron.Training.Evaluation;

/// <summary>What a recogniser's file is worth, by the library's engine: greedy transcripts of utterances.</summary>
public static class RecognitionMeasure
{
    private const int Depth = 8;

    /// <summary>Word error rate in percent.</summary>
    public static double WordErrors(string model, IEnumerable<Utterance> utterances)
    {
        using Recogniser recogniser = Recogniser.Open(model);
        double[] sums = new double[ErrorRate.Words.Size];
        foreach (Utterance utterance in utterances) ErrorRate.Words.Count(recogniser.Transcribe(utterance.Sound), utterance.Text, sums);
        return ErrorRate.Words.Score(sums);
    }

    /// <summary>Tokens of a step when an assistant drafts chains of up to eight tokens.</summary>
    public static double AcceptedLength(string model, string assistant, IEnumerable<Utterance> utterances)
    {
        using WhisperModel target = WhisperModel.Open(model), draft = WhisperModel.Open(assistant, new ModelOptions { Team = target.Team });
        return AcceptedLength(target, (_, states) => draft.Listen(states), (_, beside) => new ModelDrafter(beside!, Depth), utterances);
    }

    /// <summary>Tokens of a step with any drafter that works on the recogniser itself.</summary>
    /// <param name="model">The recogniser's file.</param>
    /// <param name="drafter">Makes a drafter for the recogniser that listens to one utterance; disposed after it if it can be.</param>
    /// <param name="utterances">What is transcribed.</param>
    public static double AcceptedLength(string model, Func<Transformer, Drafter> drafter, IEnumerable<Utterance> utterances)
    {
        using WhisperModel target = WhisperModel.Open(model);
        return AcceptedLength(target, (_, _) => null, (listening, _) => drafter(listening), utterances);
    }

    private static double AcceptedLength(WhisperModel target, Func<Transformer, EncoderStates, Transformer?> beside, Func<Transformer, Transformer?, Drafter> drafter, IEnumerable<Utterance> utterances)
    {
        WhisperMel mel = new(WhisperMelSettings.Read(target.File));
        Tokenizer tokenizer = Tokenizer.FromGguf(target.File);
        long tokens = 0, steps = 0;
        foreach (Utterance utterance in utterances)
        {
            EncoderStates states = target.Encode(mel.Of(utterance.Sound));
            using Transformer listening = target.Listen(states);
            using Transformer? other = beside(listening, states);
            Drafter guesses = drafter(listening, other);
            using var owned = guesses as IDisposable;
            Sequence text = new([.. target.StartTokens], new SequenceOptions { Sampling = SamplingSettings.Greedy, StopTokens = [.. tokenizer.EndOfGeneration], MaxTokens = listening.ContextLength - target.StartTokens.Count });
            Decoder decoder = new(listening, guesses, new Coupled());
            decoder.Run([text]);
            tokens += text.Tokens.Length - target.StartTokens.Count;
            steps += decoder.Statistics.Steps;
        }
        return steps == 0 ? 0 : (double)tokens / steps;
    }
}
