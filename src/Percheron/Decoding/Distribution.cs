namespace Percheron.Decoding;

/// <summary>
/// A law over tokens, sparse: the tokens it can give, ascending, and their probabilities. Pooled and reused; filling it allocates only when it grows.
/// </summary>
public sealed class Distribution
{
    private int[] _tokens = [];
    private float[] _probabilities = [];

    // So many of the first tokens are 0, 1, 2, …
    private int _numbered;

    /// <summary>Number of tokens with a place in the law.</summary>
    public int Count { get; private set; }

    /// <summary>The tokens, ascending and distinct [Count].</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>Probability of each of <see cref="Tokens"/> [Count]; they add up to 1 within rounding.</summary>
    public ReadOnlySpan<float> Probabilities => _probabilities.AsSpan(0, Count);

    /// <summary>Whether the law gives one token with certainty.</summary>
    public bool IsPoint => Count == 1;

    /// <summary>Probability of <paramref name="token"/>; 0 for a token without a place.</summary>
    public float this[int token] => IndexOf(token) is >= 0 and var at ? _probabilities[at] : 0;

    /// <summary>Where <paramref name="token"/> stands in <see cref="Tokens"/>, or −1.</summary>
    public int IndexOf(int token)
    {
        // In a law over the whole vocabulary every token stands at its own number.
        if ((uint)token < (uint)Count && _tokens[token] == token) return token;
        int at = Tokens.BinarySearch(token);
        return at < 0 ? -1 : at;
    }

    /// <summary>Makes the law a point mass.</summary>
    public void SetPoint(int token)
    {
        Resize(1);
        _numbered = 0;
        (_tokens[0], _probabilities[0]) = (token, 1);
    }

    /// <summary>Makes the law a copy of <paramref name="other"/>.</summary>
    public void CopyFrom(Distribution other)
    {
        Resize(other.Count);
        _numbered = 0;
        other.Tokens.CopyTo(_tokens);
        other.Probabilities.CopyTo(_probabilities);
    }

    /// <summary>Gives the law <paramref name="count"/> places and lets the caller fill them: tokens ascending and distinct, probabilities that add up to 1.</summary>
    public void Fill(int count, out Span<int> tokens, out Span<float> probabilities)
    {
        Resize(count);
        _numbered = 0;
        tokens = _tokens.AsSpan(0, count);
        probabilities = _probabilities.AsSpan(0, count);
    }

    /// <summary>As <see cref="Fill"/>, for the tokens 0 … <paramref name="count"/> − 1: they are written already.</summary>
    internal void FillAll(int count, out Span<float> probabilities)
    {
        Resize(count);
        // Laws over the whole vocabulary follow one another; the last one's tokens are still there.
        for (; _numbered < count; _numbered++) _tokens[_numbered] = _numbered;
        probabilities = _probabilities.AsSpan(0, count);
    }

    private void Resize(int count)
    {
        if (_tokens.Length < count)
        {
            int size = Math.Max(count, Math.Max(16, 2 * _tokens.Length));
            Array.Resize(ref _tokens, size);
            Array.Resize(ref _probabilities, size);
        }
        Count = count;
    }
}
