using System.Numerics.Tensors;

namespace Percheron.Verifiers;

/// <summary>The nearest tokens of each token, by the distance of their vectors; found when a token is first asked about and kept, because all pairs are too many to begin with.</summary>
internal sealed class Neighbourhoods
{
    // So many tokens, spread over all, say how far nearest neighbours are apart.
    private const int Sampled = 64;

    private readonly TokenVectors _vectors;
    private readonly int[] _nearest;
    private readonly float[] _own, _other, _distances;
    private readonly bool[] _known;
    private readonly int _count;

    public Neighbourhoods(TokenVectors vectors, int count)
    {
        (_vectors, _count) = (vectors, Math.Max(0, Math.Min(count, Math.Min(vectors.Book, vectors.Count) - 1)));
        (_own, _other, _distances) = (new float[vectors.Width], new float[vectors.Width], new float[_count]);
        (_nearest, _known) = (new int[checked(vectors.Count * _count)], new bool[vectors.Count]);
    }

    /// <summary>Mean distance between a token and its nearest neighbour, over some of the tokens.</summary>
    public double Unit => field > 0 ? field : field = Measure();

    /// <summary>The nearest tokens of the same book, nearest first, equally near ones by id; the token itself is not among them.</summary>
    public ReadOnlySpan<int> Of(int token)
    {
        int index = _vectors.IndexOf(token);
        if (index < 0 || _count == 0) return [];
        (int first, int count) = _vectors.BookOf(index);
        Span<int> nearest = _nearest.AsSpan(index * _count, Math.Min(_count, count - 1));
        if (!_known[index] && count > 1) Find(index, first, count, nearest);
        _known[index] = true;
        return nearest;
    }

    /// <summary>Distance of two tokens; infinite where they cannot be compared.</summary>
    public double Between(int token, int other)
    {
        int index = _vectors.IndexOf(token), at = _vectors.IndexOf(other);
        return index >= 0 && at >= 0 && index / _vectors.Book == at / _vectors.Book ? Distance(index, at) : double.PositiveInfinity;
    }

    private double Distance(int index, int other)
    {
        _vectors.Read(index, _own);
        _vectors.Read(other, _other);
        return TensorPrimitives.Distance<float>(_own, _other);
    }

    private void Find(int index, int first, int count, Span<int> nearest)
    {
        _vectors.Read(index, _own);
        int found = 0;
        for (int other = first; other < first + count; other++)
        {
            if (other == index) continue;
            _vectors.Read(other, _other);
            float distance = TensorPrimitives.Distance<float>(_own, _other);
            if (found == nearest.Length && !(distance < _distances[found - 1])) continue;
            int at = found < nearest.Length ? found++ : found - 1;
            for (; at > 0 && distance < _distances[at - 1]; at--) (_distances[at], nearest[at]) = (_distances[at - 1], nearest[at - 1]);
            (_distances[at], nearest[at]) = (distance, _vectors.TokenOf(other));
        }
    }

    // Tokens that are alike (unused ones have the same vector) say nothing.
    private double Measure()
    {
        double sum = 0;
        int measured = 0, step = Math.Max(1, _vectors.Count / Sampled);
        for (int index = 0; index < _vectors.Count; index += step)
        {
            (int first, int count) = _vectors.BookOf(index);
            double nearest = double.PositiveInfinity;
            for (int other = first; other < first + count; other++)
            {
                double distance = other == index ? 0 : Distance(index, other);
                if (distance > 0 && distance < nearest) nearest = distance;
            }
            if (!double.IsFinite(nearest)) continue;
            sum += nearest;
            measured++;
        }
        return measured > 0 ? sum / measured : 1;
    }
}
