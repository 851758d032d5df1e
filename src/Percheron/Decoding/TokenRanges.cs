namespace Percheron.Decoding;

/// <summary>
/// Ranges of ids in turn: at output position i only the tokens of range i mod the number of ranges are allowed, and further ones where they are given. So a model that says nothing but
/// codes, of one book or of several in turn, cannot say anything else, and neither can its drafts.
/// </summary>
/// <remarks>A state is the number of the range; it depends on the position alone. Nothing is allocated but by the constructor.</remarks>
public sealed class TokenRanges : ITokenConstraint
{
    // What each range allows, as pieces [First, End) that ascend and do not touch.
    private readonly (int First, int End)[][] _allowed;

    /// <param name="ranges">The ids allowed at each phase, as the first one and their number; a range may be empty where further ids are given.</param>
    /// <param name="further">Single ids that are allowed besides, such as the one that ends the text, each with the phase at which it may stand.</param>
    /// <exception cref="ArgumentException">There is no range, a phase does not exist or allows nothing, or an id is negative.</exception>
    public TokenRanges(ReadOnlySpan<(int First, int Count)> ranges, params ReadOnlySpan<(int Phase, int Token)> further)
    {
        if (ranges.IsEmpty) throw new ArgumentException("there is at least one range", nameof(ranges));
        foreach ((int phase, int token) in further)
            if ((uint)phase >= (uint)ranges.Length || token < 0) throw new ArgumentException($"token {token} cannot stand at phase {phase} of {ranges.Length}", nameof(further));
        _allowed = new (int, int)[ranges.Length][];
        for (int phase = 0; phase < ranges.Length; phase++) _allowed[phase] = Pieces(ranges[phase], phase, further);
    }

    /// <summary>Number of ranges: after so many tokens they begin anew.</summary>
    public int Period => _allowed.Length;

    /// <inheritdoc/>
    public int Start { get; init; }

    /// <inheritdoc/>
    public int Advance(int state, int token)
    {
        foreach ((int first, int end) in _allowed[state])
            if (token >= first && token < end) return state + 1 == _allowed.Length ? 0 : state + 1;
        return -1;
    }

    /// <inheritdoc/>
    public void Forbid(int state, Span<float> logits)
    {
        int from = 0;
        foreach ((int first, int end) in _allowed[state])
        {
            if (first >= logits.Length) break;
            logits[from..first].Fill(float.NegativeInfinity);
            from = Math.Min(end, logits.Length);
        }
        logits[from..].Fill(float.NegativeInfinity);
    }

    private static (int First, int End)[] Pieces((int First, int Count) range, int phase, ReadOnlySpan<(int Phase, int Token)> further)
    {
        if (range.First < 0 || range.Count < 0) throw new ArgumentException($"range {phase} begins at {range.First} and has {range.Count} ids", nameof(range));
        List<(int First, int End)> pieces = range.Count > 0 ? [(range.First, checked(range.First + range.Count))] : [];
        foreach ((int at, int token) in further)
            if (at == phase) pieces.Add((token, checked(token + 1)));
        if (pieces.Count == 0) throw new ArgumentException($"phase {phase} allows no token", nameof(range));
        pieces.Sort();
        int kept = 0;
        for (int i = 1; i < pieces.Count; i++)
        {
            if (pieces[i].First <= pieces[kept].End) pieces[kept] = (pieces[kept].First, Math.Max(pieces[kept].End, pieces[i].End));
            else pieces[++kept] = pieces[i];
        }
        return [.. pieces[..(kept + 1)]];
    }
}
