namespace Percheron.Decoding;

/// <summary>
/// All randomness of one sequence. There are three questions, so that a test can answer them in every possible way with the exact weight of each answer.
/// Drafters ask only <see cref="Draw(int, Distribution)"/>; ratio verifiers accept by <see cref="Accept"/> and take residual and bonus by <see cref="Pick"/>.
/// </summary>
public abstract class RandomSource
{
    private float[] _left = [];

    /// <summary>
    /// Whether <see cref="Draw(int, Distribution)"/> is a race on noise addressed by position, so that a draft's guess and the target's answer share it
    /// (the coupled verifier). Otherwise every draw is fresh. Mixing the two biases ratio rules.
    /// </summary>
    public virtual bool SharesNoise => false;

    /// <summary>True with the given probability; values outside [0, 1] count as the nearer end.</summary>
    public abstract bool Accept(double probability);

    /// <summary>An index with probability proportional to its weight; weights are not negative and not all zero.</summary>
    public abstract int Pick(ReadOnlySpan<float> weights);

    /// <summary>A token for absolute position <paramref name="position"/>, distributed by <paramref name="law"/>.</summary>
    public virtual int Draw(int position, Distribution law) => law.Tokens[Pick(law.Probabilities)];

    /// <summary>
    /// Distinct tokens for one position, drawn from <paramref name="law"/> without replacement, in order; the first is what <see cref="Draw(int, Distribution)"/>
    /// would give. Returns how many there are: fewer than asked for if the law runs out of tokens.
    /// </summary>
    public virtual int Draw(int position, Distribution law, Span<int> tokens)
    {
        if (_left.Length < law.Count) _left = new float[Math.Max(law.Count, 2 * _left.Length)];
        Span<float> left = _left.AsSpan(0, law.Count);
        law.Probabilities.CopyTo(left);
        int count = 0;
        while (count < tokens.Length && left.ContainsAnyInRange(float.Epsilon, float.MaxValue))
        {
            int at = Pick(left);
            tokens[count++] = law.Tokens[at];
            left[at] = 0;
        }
        return count;
    }

    /// <summary>A source of its own for work that runs beside the target or for several sequences of one prompt; it shares the position noise if this one does.</summary>
    public abstract RandomSource Fork();

    /// <summary>The seed of sequence <paramref name="index"/> among several of one prompt; index 0 keeps <paramref name="seed"/>.</summary>
    public static ulong DeriveSeed(ulong seed, int index) => index == 0 ? seed : Philox.Bits(seed, (ulong)index, ulong.MaxValue);
}
