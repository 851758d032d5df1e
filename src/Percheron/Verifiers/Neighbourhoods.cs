using System.Numerics.Tensors;

namespace Percheron.Verifiers;

/// <summary>The nearest tokens of each token, by the distance of their vectors; found when a token is first asked about and kept, because all pairs are too many to begin with.</summary>
internal sealed class Neighbourhoods
{
    private readonly TokenVectors _vectors;
    private readonly int[] _nearest;
    private readonly float[] _own, _other, _distances;
    private readonly bool[] _known;
    private readonly int _count;

    public Neighbourhoods(TokenVectors vectors, int count)
    {
        (_vectors, _count) = (vectors, Math.Min(count, vectors.Count - 1));
        (_own, _other, _distances) = (new float[vectors.Width], new float[vectors.Width], new float[_count]);
        (_nearest, _known) = (new int[checked(vectors.Count * _count)], new bool[vectors.Count]);
    }

    /// <summary>The nearest tokens, nearest first, equally near ones by id; the token itself is not among them.</summary>
    public ReadOnlySpan<int> Of(int token)
    {
        if ((uint)token >= (uint)_known.Length || _count == 0) return [];
        Span<int> nearest = _nearest.AsSpan(token * _count, _count);
        if (!_known[token]) Find(token, nearest);
        _known[token] = true;
        return nearest;
    }

    private void Find(int token, Span<int> nearest)
    {
        _vectors.Read(token, _own);
        int found = 0;
        for (int other = 0; other < _vectors.Count; other++)
        {
            if (other == token) continue;
            _vectors.Read(other, _other);
            float distance = TensorPrimitives.Distance<float>(_own, _other);
            if (found == _count && !(distance < _distances[found - 1])) continue;
            int at = found < _count ? found++ : found - 1;
            for (; at > 0 && distance < _distances[at - 1]; at--) (_distances[at], nearest[at]) = (_distances[at - 1], nearest[at - 1]);
            (_distances[at], nearest[at]) = (distance, other);
        }
    }
}
