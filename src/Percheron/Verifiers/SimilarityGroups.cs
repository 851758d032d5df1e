namespace Percheron.Verifiers;

/// <summary>
/// Groups of tokens that sound or look alike: around every token stands one, of all tokens of its book no further away than a distance. A token belongs to the groups of all its neighbours, to each with the same share of its
/// probability, so a law over tokens gives a law over groups. A group has the id of the token it stands around.
/// </summary>
internal sealed class SimilarityGroups
{
    private readonly TokenVectors _vectors;
    private readonly Neighbourhoods _distances;
    private readonly double _distance;
    private readonly int[]?[] _members;

    /// <param name="vectors">A vector for every token; a token without one is alone in its group.</param>
    /// <param name="distance">In units of the mean distance between a token and its nearest neighbour.</param>
    public SimilarityGroups(TokenVectors vectors, double distance) =>
        (_vectors, _distances, _distance, _members) = (vectors, new Neighbourhoods(vectors, 0), distance, new int[vectors.Count][]);

    /// <summary>The groups a token belongs to, and just as well the tokens of the group around it, which are the same; empty for a token that is alone.</summary>
    public ReadOnlySpan<int> Of(int token)
    {
        int index = _vectors.IndexOf(token);
        return index < 0 ? [] : _members[index] ??= Find(token, index);
    }

    /// <summary>Adds what a token's probability gives its groups.</summary>
    public void Spread(int token, double probability, Span<double> groups)
    {
        ReadOnlySpan<int> of = Of(token);
        if (of.IsEmpty) groups[token] += probability;
        foreach (int group in of) groups[group] += probability / of.Length;
    }

    private int[] Find(int token, int index)
    {
        (int first, int count) = _vectors.BookOf(index);
        List<int> members = [];
        for (int at = first; at < first + count; at++)
            if (at == index || _distances.Between(token, _vectors.TokenOf(at)) <= _distance * _distances.Unit) members.Add(_vectors.TokenOf(at));
        return members.Count > 1 ? [.. members] : [];
    }
}
