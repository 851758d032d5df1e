using System.Numerics;
using System.Runtime.InteropServices;

namespace Percheron.Drafters;

/// <summary>The tokens of the highest logits, highest first, equal ones by id.</summary>
internal static class TopTokens
{
    /// <summary>Fills <paramref name="tokens"/>; returns how many there are: fewer than wanted only if the vocabulary is smaller, or logits are not numbers.</summary>
    /// <param name="logits">[vocab].</param>
    /// <param name="tokens">Receives the tokens; its length, at most 64, says how many are wanted.</param>
    public static int Of(ReadOnlySpan<float> logits, Span<int> tokens)
    {
        Span<float> best = stackalloc float[tokens.Length];
        int count = 0, i = 0;
        // Most stretches hold nothing that is high enough: one comparison passes them over.
        ReadOnlySpan<Vector<float>> stretches = MemoryMarshal.Cast<float, Vector<float>>(logits);
        foreach (Vector<float> stretch in stretches)
        {
            if (count < best.Length || Vector.GreaterThanAny(stretch, new Vector<float>(best[count - 1])))
                for (int lane = 0; lane < Vector<float>.Count; lane++) count = Take(stretch[lane], i + lane, best, tokens, count);
            i += Vector<float>.Count;
        }
        for (; i < logits.Length; i++) count = Take(logits[i], i, best, tokens, count);
        return count;
    }

    private static int Take(float logit, int token, Span<float> best, Span<int> tokens, int count)
    {
        if (float.IsNaN(logit) || (count == best.Length && logit <= best[count - 1])) return count;
        int at = count < best.Length ? count++ : count - 1;
        for (; at > 0 && best[at - 1] < logit; at--) (best[at], tokens[at]) = (best[at - 1], tokens[at - 1]);
        (best[at], tokens[at]) = (logit, token);
        return count;
    }
}
