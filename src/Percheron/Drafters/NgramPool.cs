using System.Runtime.InteropServices;

namespace Percheron.Drafters;

/// <summary>For each token the continuations last seen behind it, of one length, the latest first.</summary>
/// <param name="length">Tokens of a continuation.</param>
/// <param name="most">Continuations kept for one token.</param>
internal sealed class NgramPool(int length, int most)
{
    // Where a token's continuations begin, in units of most × length, and how many there are.
    private readonly Dictionary<int, (int Slot, int Count)> _index = [];
    private int[] _grams = [];

    /// <summary>How many continuations of <paramref name="token"/> are kept.</summary>
    public int Count(int token) => _index.TryGetValue(token, out (int Slot, int Count) entry) ? entry.Count : 0;

    /// <summary>Continuation number <paramref name="index"/> of <paramref name="token"/>, 0 the latest.</summary>
    public ReadOnlySpan<int> Gram(int token, int index) => At(_index[token].Slot, index);

    /// <summary>Puts a continuation first; one that is kept already moves up, and the oldest leaves when there are too many.</summary>
    public void Add(int token, ReadOnlySpan<int> gram)
    {
        ref (int Slot, int Count) entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_index, token, out bool known);
        if (!known)
        {
            entry = (_index.Count - 1, 0);
            if (_grams.Length < _index.Count * most * length) Array.Resize(ref _grams, Math.Max(64, 2 * _index.Count) * most * length);
        }
        int at = 0;
        while (at < entry.Count && !At(entry.Slot, at).SequenceEqual(gram)) at++;
        if (at == entry.Count) entry.Count = Math.Min(most, entry.Count + 1);
        for (int i = Math.Min(at, entry.Count - 1); i > 0; i--) At(entry.Slot, i - 1).CopyTo(At(entry.Slot, i));
        gram.CopyTo(At(entry.Slot, 0));
    }

    private Span<int> At(int slot, int index) => _grams.AsSpan(((slot * most) + index) * length, length);
}
