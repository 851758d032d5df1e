using Percheron.Kernels;

namespace Percheron.Decoding;

/// <summary>
/// Logits → the law that is sampled: bias, penalties, what is forbidden, top-k, top-p, min-p, temperature, in that order (llama.cpp's). A pure function of logits, settings and the
/// tokens before, so the target's laws, a draft's laws and plain decoding agree bit for bit. One per thread: it keeps scratch buffers.
/// </summary>
public sealed class Sampler
{
    private readonly BestTokens _top = new();
    private readonly TopMass _mass = new();
    private float[] _logits = [], _weights = [];
    private int[] _found = [];
    private short[] _counts = [];

    /// <summary>The law of the token after <paramref name="node"/> of <paramref name="tree"/>.</summary>
    /// <param name="logits">The model's logits after that node [vocab]; not changed.</param>
    /// <param name="sequence">Gives settings and the committed tokens, of which the tree's root is the last.</param>
    /// <param name="tree">Gives the path from the root to the node.</param>
    /// <param name="node">The node.</param>
    /// <param name="law">Receives the law.</param>
    /// <exception cref="InvalidOperationException">No logit is finite: the model is broken or every token is forbidden.</exception>
    public void Law(ReadOnlySpan<float> logits, Sequence sequence, TokenTree tree, int node, Distribution law) =>
        Law(Adjusted(logits, sequence, tree, node), sequence.Sampling, law);

    /// <summary>Whether these logits have a law: a damaged or overflowing draft may say nothing at all, or only what is forbidden.</summary>
    internal bool HasLaw(ReadOnlySpan<float> logits, Sequence sequence, TokenTree tree, int node) => float.IsFinite(Kernels.ArgMax.Max(Adjusted(logits, sequence, tree, node)));

    /// <summary>The law, if these logits have one.</summary>
    internal bool TryLaw(ReadOnlySpan<float> logits, Sequence sequence, TokenTree tree, int node, Distribution law)
    {
        logits = Adjusted(logits, sequence, tree, node);
        if (!float.IsFinite(Kernels.ArgMax.Max(logits))) return false;
        Law(logits, sequence.Sampling, law);
        return true;
    }

    /// <summary>The same by which lossy rules judge (<see cref="ITarget.Judgement"/>).</summary>
    internal void Judgement(ReadOnlySpan<float> logits, Sequence sequence, TokenTree tree, int node, Distribution law) =>
        Law(Adjusted(logits, sequence, tree, node), sequence.Judging, law);

    /// <summary>
    /// The most probable tokens after <paramref name="node"/>, most probable first, equal ones by id, for drafts that propose several whatever is sampled: bias and
    /// penalties are applied and nothing is cut; at temperature 0 the probabilities are those of <paramref name="coldest"/>, so that the second best has one, too.
    /// </summary>
    /// <param name="logits">The model's logits after that node [vocab]; not changed.</param>
    /// <param name="sequence">Gives settings and the committed tokens, of which the tree's root is the last.</param>
    /// <param name="tree">Gives the path from the root to the node.</param>
    /// <param name="node">The node.</param>
    /// <param name="tokens">Receives the tokens; its length says how many are wanted.</param>
    /// <param name="probabilities">Receives their probabilities, as long as <paramref name="tokens"/>.</param>
    /// <param name="coldest">Temperature that stands for 0.</param>
    /// <returns>How many there are: fewer than wanted if other tokens are impossible.</returns>
    public int Top(ReadOnlySpan<float> logits, Sequence sequence, TokenTree tree, int node, Span<int> tokens, Span<float> probabilities, float coldest)
    {
        logits = Adjusted(logits, sequence, tree, node);
        float temperature = sequence.Sampling.Temperature is > 0 and var t ? t : coldest, max = Max(logits);
        Grow(ref _weights, logits.Length);
        double sum = SamplingWeights.Apply(logits, _weights, max, temperature, out _);
        int kept = _top.Select(logits, tokens.Length);
        for (int i = 0; i < kept; i++) (tokens[i], probabilities[i]) = (_top.Tokens[i], (float)(_weights[_top.Tokens[i]] / sum));
        return kept;
    }

    /// <summary>The law of logits to which bias and penalties are already applied.</summary>
    /// <exception cref="InvalidOperationException">No logit is finite: the model is broken or every token is forbidden.</exception>
    public void Law(ReadOnlySpan<float> logits, SamplingSettings settings, Distribution law)
    {
        if (settings.Temperature == 0 || settings.TopK == 1) law.SetPoint(ArgMax(logits));
        else if (settings.TopK > 0 && settings.TopK < logits.Length) OfTheTop(logits, settings, law);
        else if (settings.TopP < 1 || settings.MinP > 0) OfTheMass(logits, settings, law);
        else OfAll(logits, settings.Temperature, law);
    }

    /// <summary>Index of the largest value, the lowest among equals; values that are not a number never win.</summary>
    /// <exception cref="InvalidOperationException">There is no finite maximum.</exception>
    public static int ArgMax(ReadOnlySpan<float> values)
    {
        int best = Kernels.ArgMax.Of(values);
        Finite(values.IsEmpty ? float.NaN : values[best]);
        return best;
    }

    private static float Max(ReadOnlySpan<float> values) => Finite(Kernels.ArgMax.Max(values));

    private static float Finite(float max) => float.IsFinite(max)
        ? max
        : throw new InvalidOperationException("the logits have no finite maximum: the model is damaged, or every token is forbidden");

    // The k most probable tokens, cut further, one by one: there are few.
    private void OfTheTop(ReadOnlySpan<float> logits, SamplingSettings settings, Distribution law)
    {
        int kept = _top.Select(logits, settings.TopK);
        float max = Finite(kept > 0 ? _top.Keys[0] : float.NaN);
        Grow(ref _weights, kept);
        if (settings.TopP < 1 || settings.MinP > 0)
        {
            double total = Weights(kept, max, 1);
            kept = Math.Min(TopP(_weights.AsSpan(0, kept), total, settings.TopP), MinP(_weights.AsSpan(0, kept), settings.MinP));
        }
        double sum = Weights(kept, max, settings.Temperature);
        law.Fill(kept, out Span<int> tokens, out Span<float> probabilities);
        for (int i = 0; i < kept; i++) (tokens[i], probabilities[i]) = (_top.Tokens[i], (float)(_weights[i] / sum));
        tokens.Sort(probabilities);
    }

    // Cuts by probability over the whole vocabulary: which tokens stay is found without sorting it.
    private void OfTheMass(ReadOnlySpan<float> logits, SamplingSettings settings, Distribution law)
    {
        float max = Max(logits);
        Grow(ref _weights, logits.Length);
        if (_found.Length < logits.Length) _found = new int[Math.Max(logits.Length, 2 * _found.Length)];
        ReadOnlySpan<float> weights = _weights.AsSpan(0, logits.Length);
        double total = SamplingWeights.Apply(logits, _weights, max, 1, out _);
        int kept;
        if (settings.TopP < 1)
        {
            kept = _mass.Select(logits, weights, max, settings.TopP * total, _found);
            int stay = 0;
            foreach (int token in _found.AsSpan(0, kept))
                if (weights[token] >= settings.MinP) _found[stay++] = token;
            kept = stay;
        }
        else
        {
            // The most probable token weighs 1.
            kept = Survivors.Above(weights, MathF.BitDecrement(settings.MinP), _found);
        }
        law.Fill(kept, out Span<int> tokens, out Span<float> probabilities);
        _found.AsSpan(0, kept).CopyTo(tokens);
        for (int i = 0; i < kept; i++) probabilities[i] = logits[tokens[i]];
        SamplingWeights.Divide(probabilities, SamplingWeights.Apply(probabilities, probabilities, max, settings.Temperature, out _));
    }

    // Nothing is cut: all tokens that are possible.
    private void OfAll(ReadOnlySpan<float> logits, float temperature, Distribution law)
    {
        law.FillAll(logits.Length, out Span<float> probabilities);
        SamplingWeights.Divide(probabilities, SamplingWeights.Apply(logits, probabilities, Max(logits), temperature, out bool whole));
        if (whole) return;
        law.Fill(logits.Length, out Span<int> tokens, out probabilities);
        int kept = Survivors.Above(logits, float.NegativeInfinity, tokens);
        for (int i = 0; i < kept; i++) probabilities[i] = probabilities[tokens[i]];
        law.Fill(kept, out _, out _);
    }

    private ReadOnlySpan<float> Adjusted(ReadOnlySpan<float> logits, Sequence sequence, TokenTree tree, int node)
    {
        bool early = tree.Position(node) + 1 - sequence.PromptLength < sequence.Options.MinTokens;
        if (sequence.Sampling is { LogitBias.Count: 0, HasPenalties: false } && !early && sequence.Options.Constraint is null) return logits;
        Grow(ref _logits, logits.Length);
        logits.CopyTo(_logits);
        Span<float> adjusted = _logits.AsSpan(0, logits.Length);
        Adjust(adjusted, sequence, tree, node);
        if (sequence.Options.Constraint is { } constraint && State(constraint, sequence, tree, node) is >= 0 and var state) constraint.Forbid(state, adjusted);
        if (early) ForbidStops(adjusted, sequence.Options.StopTokens);
        return adjusted;
    }

    // Behind a token that breaks the constraint there is no state, and nothing that could be accepted; behind one that ends the text nothing is constrained.
    private static int State(ITokenConstraint constraint, Sequence sequence, TokenTree tree, int node)
    {
        if (node == 0) return sequence.ConstraintState(constraint, tree.RootPosition);
        int before = State(constraint, sequence, tree, tree.Parent(node));
        return before < 0 || IsStop(tree.Token(node), sequence.Options.StopTokens) ? -1 : constraint.Advance(before, tree.Token(node));
    }

    private static bool IsStop(int token, IReadOnlyList<int> stops)
    {
        for (int i = 0; i < stops.Count; i++) if (stops[i] == token) return true;
        return false;
    }

    private static void ForbidStops(Span<float> logits, IReadOnlyList<int> stops)
    {
        for (int i = 0; i < stops.Count; i++)
            if ((uint)stops[i] < (uint)logits.Length) logits[stops[i]] = float.NegativeInfinity;
    }

    // Adds the bias, then the penalties for the tokens of the path and of the sequence that lie in the window.
    private void Adjust(Span<float> logits, Sequence sequence, TokenTree tree, int node)
    {
        SamplingSettings s = sequence.Sampling;
        for (int i = 0; i < s.LogitBias.Count; i++)
        {
            (int token, float bias) = s.LogitBias[i];
            if ((uint)token < (uint)logits.Length) logits[token] += bias;
        }
        if (!s.HasPenalties) return;
        if (_counts.Length < logits.Length) _counts = new short[logits.Length];
        int window = s.PenaltyWindow < 0 ? int.MaxValue : s.PenaltyWindow;
        int fromPath = Math.Min(tree.Depth(node), window), fromTokens = Math.Min(sequence.Count, window - fromPath);
        ReadOnlySpan<int> recent = sequence.Tokens[^fromTokens..];
        for (int i = 0, at = node; i < fromPath; i++, at = tree.Parent(at)) Count(tree.Token(at));
        foreach (int token in recent) Count(token);
        for (int i = 0, at = node; i < fromPath; i++, at = tree.Parent(at)) Penalize(logits, tree.Token(at), s);
        foreach (int token in recent) Penalize(logits, token, s);
    }

    private void Count(int token)
    {
        if ((uint)token < (uint)_counts.Length && _counts[token] < short.MaxValue) _counts[token]++;
    }

    // A token is penalized once, for all its occurrences; its counter is cleared on the way, ready for the next node.
    private void Penalize(Span<float> logits, int token, SamplingSettings s)
    {
        if ((uint)token >= (uint)logits.Length || _counts[token] == 0) return;
        float value = logits[token];
        value = value > 0 ? value / s.RepeatPenalty : value * s.RepeatPenalty;
        logits[token] = value - (_counts[token] * s.FrequencyPenalty) - s.PresencePenalty;
        _counts[token] = 0;
    }

    // exp((key - max) / temperature) of the first of the top into _weights; returns their sum.
    private double Weights(int count, float max, float temperature)
    {
        SamplingWeights.Apply(_top.Keys[..count], _weights, max, temperature, out _);
        double sum = 0;
        foreach (float w in _weights.AsSpan(0, count)) sum += w;
        return sum;
    }

    private static int TopP(ReadOnlySpan<float> weights, double total, float topP)
    {
        if (topP >= 1) return weights.Length;
        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
            if ((sum += weights[i]) >= topP * total) return i + 1;
        return weights.Length;
    }

    private static int MinP(ReadOnlySpan<float> weights, float minP)
    {
        int kept = weights.Length;
        while (kept > 1 && weights[kept - 1] < minP * weights[0]) kept--;
        return kept;
    }

    private static void Grow(ref float[] buffer, int size)
    {
        if (buffer.Length < size) buffer = new float[Math.Max(size, 2 * buffer.Length)];
    }
}
