using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Tokens;
using Percheron.Verifiers;
using static TorchSharp.torch;
using Divergence = Percheron.Training.Distillation.Divergence;

namespace Percheron.Training.Online;

/// <summary>A stream of requests, answered with a draft that stays as it is or with one that learns from its failures between requests.</summary>
/// <remarks>The verifier is <c>coupled</c>: both give the same texts, so their accepted lengths can be compared request by request. No clock takes part.</remarks>
public sealed class OnlineStream
{
    private readonly Transformer _target;
    private readonly string _draft;
    private readonly BpeVocabulary _vocabulary;

    /// <param name="target">The target; the caller keeps owning it.</param>
    /// <param name="draft">The draft's file, which stays as it is.</param>
    /// <param name="vocabulary">Of both.</param>
    public OnlineStream(Transformer target, string draft, BpeVocabulary vocabulary) => (_target, _draft, _vocabulary) = (target, draft, vocabulary);

    /// <summary>Most tokens of an answer.</summary>
    public int Tokens { get; init; } = 96;

    /// <summary>Guesses of a step, all of which are made however unsure the draft is: a guess that is held back cannot be refused, and nothing would be learned of it.</summary>
    public int Depth { get; init; } = 5;

    /// <summary>Temperature of the answers.</summary>
    public float Temperature { get; init; }

    /// <summary>Requests between two lessons, answered as one batch.</summary>
    public int Interval { get; init; } = 8;

    /// <summary>How often a lesson goes over the buffer.</summary>
    public int Passes { get; init; } = 2;

    /// <summary>Rate of a lesson.</summary>
    public double Rate { get; init; } = 3e-4;

    /// <summary>How the matrices of the improved draft are stored.</summary>
    public TensorType Stored { get; init; } = TensorType.Q8_0;

    /// <summary>Weight of answers whose guess was not refused.</summary>
    public double Around { get; init; } = 1;

    /// <summary>Texts kept to learn from.</summary>
    public int Capacity { get; init; } = 64;

    /// <summary>Accepted length over every <see cref="Interval"/> requests in turn, with the draft as it is.</summary>
    public IReadOnlyList<double> Fixed(IReadOnlyList<int[]> prompts)
    {
        using GgufFile file = GgufFile.Open(_draft);
        using var draft = Transformer.Load(file, new ModelOptions { Team = _target.Team });
        return [.. prompts.Chunk(Interval).Select((part, i) => Answer(part, i, draft, null))];
    }

    /// <summary>The same with a draft that learns after every <see cref="Interval"/> requests.</summary>
    /// <param name="prompts">The stream.</param>
    /// <param name="improved">Where the draft is written after every lesson.</param>
    /// <param name="say">Told of every lesson: failures in the buffer, and the divergence at them before it.</param>
    public IReadOnlyList<double> Learning(IReadOnlyList<int[]> prompts, string improved, Action<int, double>? say = null)
    {
        using LlamaNet net = GgufModel.Read(_draft, ScalarType.Float32);
        using var learner = new OnlineLearner(net, Divergence.Named("forward-kl"), Rate, Capacity, Around);
        var lengths = new List<double>();
        string current = _draft;
        foreach (int[][] part in prompts.Chunk(Interval))
        {
            using (GgufFile file = GgufFile.Open(current))
            using (var draft = Transformer.Load(file, new ModelOptions { Team = _target.Team })) lengths.Add(Answer(part, lengths.Count, draft, learner));
            double divergence = 0;
            for (int pass = 0; pass < Passes; pass++)
            {
                double found = learner.Learn();
                if (pass == 0) divergence = found;
            }
            say?.Invoke(learner.Failures, divergence);
            GgufModel.Write(current = improved, net, _vocabulary, Stored, "Percheron Docs Draft, online");
        }
        return lengths;
    }

    private double Answer(int[][] prompts, int part, Transformer draft, OnlineLearner? learner)
    {
        var recorder = new FailureRecorder();
        var decoder = new Decoder(_target, new ModelDrafter(draft, Depth, confidence: 0), new Coupled(), new DecoderOptions { Observer = recorder });
        Sequence[] texts = [.. prompts.Select((prompt, i) => new Sequence(prompt, new SequenceOptions
        {
            MaxTokens = Tokens,
            Sampling = SamplingSettings.Plain with { Temperature = Temperature },
            Seed = (ulong)(part * Interval + i),
            StopTokens = [BpeVocabulary.EndOfText],
        }))];
        decoder.Run(texts);
        foreach (Sequence text in texts)
        {
            RecordedText recorded = recorder.Take(text);
            learner?.Add(recorded);
        }
        return decoder.Statistics.AcceptedLength;
    }
}
