using System.Numerics.Tensors;
using Percheron.Kernels;

namespace Percheron.Decoding;

/// <summary>
/// Logits → the law that is sampled: bias, penalties, what is forbidden, top-k, top-p, min-p, temperature, in that order (llama.cpp's). A pure function of logits, settings and the
/// tokens before, so the target's laws, a draft's laws and plain decoding agree bit for bit. One per thread: it keeps scratch buffers.
/// </summary>
public sealed class Sampler
{
    // Logits looked at together when the best are selected.
    private const int Stretch = 64;

    private float[] _logits = [], _keys = [], _weights = [];
    private int[] _tokens = [];
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
        float temperature = sequence.Sampling.Temperature is > 0 and var t ? t : coldest, max = logits[ArgMax(logits)];
        if (_tokens.Length < tokens.Length) Array.Resize(ref _tokens, tokens.Length);
        Grow(ref _keys, tokens.Length);
        Grow(ref _weights, logits.Length);
        double sum = TensorPrimitives.Sum<float>(Exponentials(logits, max, temperature));
        int kept = SelectTop(logits, tokens.Length);
        SortDescending(kept);
        Exponentials(kept, max, temperature);
        for (int i = 0; i < kept; i++) (tokens[i], probabilities[i]) = (_tokens[i], (float)(_weights[i] / sum));
        return kept;
    }

    /// <summary>The law of logits to which bias and penalties are already applied.</summary>
    public void Law(ReadOnlySpan<float> logits, SamplingSettings settings, Distribution law)
    {
        int best = ArgMax(logits);
        if (settings.Temperature == 0 || settings.TopK == 1)
        {
            law.SetPoint(best);
            return;
        }
        int kept = Sort(logits, settings);
        float max = _keys[0];
        Grow(ref _weights, kept);
        Span<float> weights = _weights.AsSpan(0, kept);
        if (settings.TopP < 1 || settings.MinP > 0)
        {
            double total = Exponentials(kept, max, 1);
            kept = Math.Min(TopP(weights, total, settings.TopP), MinP(weights, settings.MinP));
            weights = weights[..kept];
        }
        double sum = Exponentials(kept, max, settings.Temperature);
        law.Fill(kept, out Span<int> tokens, out Span<float> probabilities);
        for (int i = 0; i < kept; i++) (tokens[i], probabilities[i]) = (_tokens[i], (float)(weights[i] / sum));
        tokens.Sort(probabilities);
    }

    /// <summary>Index of the largest value, the lowest among equals; values that are not a number never win.</summary>
    /// <exception cref="InvalidOperationException">There is no finite maximum.</exception>
    public static int ArgMax(ReadOnlySpan<float> values)
    {
        int best = Kernels.ArgMax.Of(values);
        if (values.IsEmpty || !float.IsFinite(values[best]))
            throw new InvalidOperationException("the logits have no finite maximum: the model is damaged, or every token is forbidden");
        return best;
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

    // The top-k candidates (all finite ones if k is 0), most probable first, equal logits by id: keys in _keys, tokens in _tokens.
    private int Sort(ReadOnlySpan<float> logits, SamplingSettings settings)
    {
        int limit = settings.TopK == 0 ? logits.Length : Math.Min(settings.TopK, logits.Length);
        if (_tokens.Length < logits.Length) Array.Resize(ref _tokens, logits.Length);
        Grow(ref _keys, logits.Length);
        int kept = limit < logits.Length ? SelectTop(logits, limit) : SelectAll(logits);
        // Without a cut the order does not matter: the law is sorted by id in the end anyway.
        if (limit == logits.Length && settings.TopP >= 1 && settings.MinP <= 0)
        {
            int top = ArgMax(_keys.AsSpan(0, kept));
            (_keys[0], _keys[top], _tokens[0], _tokens[top]) = (_keys[top], _keys[0], _tokens[top], _tokens[0]);
            return kept;
        }
        SortDescending(kept);
        return kept;
    }

    private int SelectAll(ReadOnlySpan<float> logits)
    {
        int count = 0;
        for (int i = 0; i < logits.Length; i++)
            if (logits[i] > float.NegativeInfinity) (_keys[count], _tokens[count++]) = (logits[i], i);
        return count;
    }

    // A heap of the best so far with the worst on top; later ids lose ties, so the scan's order already is the order of ids.
    private int SelectTop(ReadOnlySpan<float> logits, int limit)
    {
        int count = 0;
        for (int i = 0; i < logits.Length;)
        {
            int end = Math.Min(logits.Length, i + Stretch);
            // Most stretches of a large vocabulary hold nothing better than the worst that is kept; a maximum that is not a number is looked at.
            if (count == limit && TensorPrimitives.Max(logits[i..end]) <= _keys[0]) i = end;
            for (; i < end; i++)
                if (logits[i] > float.NegativeInfinity) count = Offer(logits[i], i, count, limit);
        }
        return count;
    }

    private int Offer(float key, int token, int count, int limit)
    {
        if (count < limit)
        {
            (_keys[count], _tokens[count]) = (key, token);
            for (int at = count; at > 0 && Worse(at, (at - 1) / 2); at = (at - 1) / 2) Swap(at, (at - 1) / 2);
            return count + 1;
        }
        if (key > _keys[0])
        {
            (_keys[0], _tokens[0]) = (key, token);
            SiftDown(count);
        }
        return count;
    }

    private void SiftDown(int count)
    {
        for (int at = 0; ;)
        {
            int child = (2 * at) + 1;
            if (child >= count) return;
            if (child + 1 < count && Worse(child + 1, child)) child++;
            if (!Worse(child, at)) return;
            Swap(at, child);
            at = child;
        }
    }

    private bool Worse(int a, int b) => _keys[a] < _keys[b] || (_keys[a] == _keys[b] && _tokens[a] > _tokens[b]);

    private void Swap(int a, int b)
    {
        (_keys[a], _keys[b]) = (_keys[b], _keys[a]);
        (_tokens[a], _tokens[b]) = (_tokens[b], _tokens[a]);
    }

    private void SortDescending(int count)
    {
        // Sorting negated keys ascending is descending; runs of equal keys are then put into the order of ids.
        Span<float> keys = _keys.AsSpan(0, count);
        for (int i = 0; i < count; i++) keys[i] = -keys[i];
        keys.Sort(_tokens.AsSpan(0, count));
        for (int i = 0; i < count; i++) keys[i] = -keys[i];
        for (int from = 0; from < count;)
        {
            int to = from + 1;
            while (to < count && keys[to] == keys[from]) to++;
            if (to - from > 1) _tokens.AsSpan(from, to - from).Sort();
            from = to;
        }
    }

    // exp((key - max) / temperature) of the first candidates into _weights; returns their sum.
    private double Exponentials(int count, float max, float temperature)
    {
        double sum = 0;
        foreach (float w in Exponentials(_keys.AsSpan(0, count), max, temperature)) sum += w;
        return sum;
    }

    private Span<float> Exponentials(ReadOnlySpan<float> keys, float max, float temperature)
    {
        Span<float> weights = _weights.AsSpan(0, keys.Length);
        TensorPrimitives.Subtract(keys, max, weights);
        TensorPrimitives.Divide(weights, temperature, weights);
        Exponential.Apply(weights, weights);
        return weights;
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
