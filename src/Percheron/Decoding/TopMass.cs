using Percheron.Kernels;

namespace Percheron.Decoding;

/// <summary>The fewest most probable tokens of a vocabulary that together reach a mass, found by bisection: only tokens near the cut are sorted.</summary>
internal sealed class TopMass
{
    // Tokens near the cut that are sorted rather than parted again, and how far below the best one the search begins.
    private const int Few = 256;
    private const float FirstStep = 1, LastStep = 256;

    private float[] _keys = [];
    private int[] _tokens = [];

    /// <summary>Selects tokens, the largest keys first and the lowest ids among equals, until their weights reach <paramref name="mass"/>; all if they never do.</summary>
    /// <param name="keys">Logits [vocab]; −∞ and what is not a number is never selected.</param>
    /// <param name="weights">Weights [vocab], growing with the keys.</param>
    /// <param name="max">The largest key.</param>
    /// <param name="mass">How much to reach; above 0.</param>
    /// <param name="found">Receives the tokens, ascending [vocab].</param>
    /// <returns>How many there are: at least one.</returns>
    public int Select(ReadOnlySpan<float> keys, ReadOnlySpan<float> weights, float max, double mass, Span<int> found)
    {
        // Tokens above `high` do not reach the mass, those above `low` do.
        (float high, float low) = (max, max);
        double above = 0, reached = 0;
        int inside = 0, outside = 0;
        for (float step = FirstStep; step <= LastStep && reached < mass; step *= 2)
        {
            (high, above, inside) = (low, reached, outside);
            low = max - step;
            reached = SamplingWeights.Above(keys, weights, low, out outside);
        }
        // What lies deeper weighs nothing, so rounding keeps the sum below the mass.
        if (reached < mass) return Survivors.Above(keys, float.NegativeInfinity, found);
        while (outside - inside > Few && low + ((high - low) / 2) is var middle && middle > low && middle < high)
        {
            reached = SamplingWeights.Above(keys, weights, middle, out int count);
            if (reached < mass) (high, above, inside) = (middle, reached, count);
            else (low, outside) = (middle, count);
        }
        int kept = Survivors.Above(keys, low, found);
        (float cut, int last) = Cut(keys, weights, found[..kept], high, mass - above);
        int stay = 0;
        for (int i = 0; i < kept; i++)
        {
            int token = found[i];
            if (keys[token] > cut || (keys[token] == cut && token <= last)) found[stay++] = token;
        }
        return stay;
    }

    // The last token that is needed: sorts the candidates that do not lie above `high` and counts up to the mass.
    private (float Key, int Token) Cut(ReadOnlySpan<float> keys, ReadOnlySpan<float> weights, ReadOnlySpan<int> candidates, float high, double mass)
    {
        if (_keys.Length < candidates.Length)
        {
            _keys = new float[Math.Max(candidates.Length, 2 * _keys.Length)];
            _tokens = new int[_keys.Length];
        }
        int count = 0;
        foreach (int token in candidates)
            if (keys[token] <= high) (_keys[count], _tokens[count++]) = (-keys[token], token);
        Array.Sort(_keys, _tokens, 0, count);
        double sum = 0;
        for (int from = 0; from < count;)
        {
            int to = from + 1;
            while (to < count && _keys[to] == _keys[from]) to++;
            if (to - from > 1) Array.Sort(_tokens, from, to - from);
            for (; from < to; from++)
                if ((sum += weights[_tokens[from]]) >= mass) return (-_keys[from], _tokens[from]);
        }
        return (float.NegativeInfinity, int.MaxValue);
    }
}
