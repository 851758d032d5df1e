using Percheron.Training.Distillation;
using Percheron.Training.Native;
using Percheron.Training.Nets;
using Percheron.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace Percheron.Training.Online;

/// <summary>Improves a draft from recorded failures: a few optimizer steps on the latest of them, now and then.</summary>
/// <remarks>
/// Source: Liu et al., "Online Speculative Decoding" (2024), arXiv 2310.07177, section 4: distillation from a buffer, every I requests. Refused places alone show a draft only what it does not know, and it forgets
/// the rest; the answers around them count too, by a weight.
/// </remarks>
public sealed class OnlineLearner : IDisposable
{
    private const int TextsPerPass = 4;
    private readonly LlamaNet _draft;
    private readonly Divergence _divergence;
    private readonly double _rate;
    private readonly int _capacity;
    private readonly float _around;
    private readonly List<(string Name, Optimizer Rule)> _rules = [];
    private readonly List<RecordedText> _buffer = [];
    private long _step;

    /// <param name="draft">The draft; not owned.</param>
    /// <param name="divergence">Between the target's law and the draft's where it failed.</param>
    /// <param name="rate">Of Adam, for every tensor: what is known already must not be lost in a few steps.</param>
    /// <param name="capacity">Texts kept; the oldest go first.</param>
    /// <param name="around">Weight of an answer whose guess was not refused; 0 learns from refused places alone.</param>
    public OnlineLearner(LlamaNet draft, Divergence divergence, double rate = 3e-4, int capacity = 64, double around = 1)
    {
        (_draft, _divergence, _rate, _capacity, _around) = (draft, divergence, rate, capacity, (float)around);
        foreach (string name in draft.Trained) _rules.Add((name, new Adam(draft.Tensors[name])));
    }

    /// <summary>Refused guesses in the buffer.</summary>
    public int Failures => _buffer.Sum(text => text.Refused);

    /// <summary>Adds a text to the buffer.</summary>
    public void Add(RecordedText text)
    {
        if (text.Refused == 0) return;
        _buffer.Add(text);
        if (_buffer.Count > _capacity) _buffer.RemoveAt(0);
    }

    /// <summary>Goes over the buffer once, in its order; returns the mean divergence at refused places, each before its step.</summary>
    public double Learn()
    {
        double sum = 0;
        foreach (RecordedText[] texts in _buffer.Chunk(TextsPerPass)) sum += Step(texts);
        return sum / Math.Max(1, Failures);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, Optimizer rule) in _rules) rule.Dispose();
    }

    private double Step(RecordedText[] texts)
    {
        using IDisposable still = NoCollection.Begin();
        using DisposeScope scope = NewDisposeScope();
        int time = texts.Max(text => text.Tokens.Length), vocab = _draft.Shape.Vocab;
        var tokens = new long[texts.Length * time];
        var places = new List<long>();
        var logits = new List<float>();
        List<float> weights = [], refusals = [];
        for (int t = 0; t < texts.Length; t++)
        {
            // What is added behind a text is behind its last answer, too, and seen from none.
            for (int i = 0; i < texts[t].Tokens.Length; i++) tokens[t * time + i] = texts[t].Tokens[i];
            foreach ((int position, float[] values, bool refused) in texts[t].Answers)
            {
                if (!refused && _around == 0) continue;
                places.Add(t * time + position);
                logits.AddRange(values);
                weights.Add(refused ? 1 : _around);
                refusals.Add(refused ? 1 : 0);
            }
        }
        Tensor hidden = _draft.Hidden(tensor(tokens, texts.Length, time)).index_select(0, tensor(places.ToArray()));
        Tensor law = nn.functional.log_softmax(_draft.Logits(hidden).to(ScalarType.Float32), -1);
        Tensor target = nn.functional.log_softmax(tensor(logits.ToArray(), places.Count, vocab), -1);
        Tensor apart = _divergence.PerRow(target, law), weight = tensor(weights.ToArray());
        ((apart * weight).sum() / weight.sum()).backward();
        using (no_grad())
        {
            foreach ((string name, Optimizer rule) in _rules)
            {
                Tensor gradient = _draft.Tensors[name].grad!;
                rule.Step(gradient, _rate, _step);
                gradient.zero_();
            }
        }
        _step++;
        return (apart.detach() * tensor(refusals.ToArray())).sum().item<float>();
    }
}
