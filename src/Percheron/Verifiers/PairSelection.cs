namespace Percheron.Verifiers;

/// <summary>
/// Which of two independent draws from one law q to select, so that the selected token's law overlaps with a law p as much as it can: 1 + min over sets G of p(G) − q(G)².
/// </summary>
/// <remarks>
/// Every token gets a set of mass q(x) on the unit interval; the sets are disjoint and fill it. A draw takes a uniform point of its token's set, and the greater point is
/// selected. Points of all draws together are uniform, so a token is selected with probability y(x) = 2·q(x)·(mean of its set), and the task is to give each set the mean
/// p(x)/(2·q(x)). Tokens are placed by ascending p/q, each as an interval of what is still free. One whose mean is too low for any free place takes the leftmost: then all
/// tokens so far fill the beginning of the interval, and what y has too much of is q(G)² − p(G) for that G. One whose mean is too high takes the rightmost and is selected
/// too rarely, which costs nothing. So the loss is the bound's.
/// </remarks>
internal sealed class PairSelection
{
    private double[] _selected = [], _ratio = [], _starts = [], _ends = [], _freeStart = [], _freeEnd = [];
    private int[] _order = [], _first = [], _last = [];
    private int _pieces, _free;
    private double _edge;

    /// <summary>Law of the selected token, at the places of the proposal's tokens.</summary>
    public ReadOnlySpan<double> Selected(int count) => _selected.AsSpan(0, count);

    /// <summary>Places the sets.</summary>
    /// <param name="p">What is left of the target's law.</param>
    /// <param name="proposal">The law of both draws.</param>
    public void Solve(Residual p, Proposal proposal)
    {
        ReadOnlySpan<int> tokens = proposal.Tokens;
        ReadOnlySpan<double> q = proposal.Probabilities;
        Grow(tokens.Length);
        int count = 0;
        for (int i = 0; i < tokens.Length; i++)
        {
            _selected[i] = 0;
            if (q[i] <= 0) continue;
            (_order[count], _ratio[count++]) = (i, p[tokens[i]] / (p.Total * q[i]));
        }
        _ratio.AsSpan(0, count).Sort(_order.AsSpan(0, count));
        (_pieces, _free, _edge) = (0, 0, 0);
        for (int i = 0; i < count; i++)
        {
            int place = _order[i];
            _first[place] = _pieces;
            double wanted = _ratio[i] * q[place], selected = 2 * Place(q[place], wanted / 2);
            _last[place] = _pieces;
            // Where only rounding lies between them, selection gives exactly what is wanted.
            _selected[place] = Math.Abs(selected - wanted) <= 1e-12 * wanted ? wanted : selected;
        }
    }

    /// <summary>Probability that the token at place <paramref name="a"/> is selected when the other one is at place <paramref name="b"/>.</summary>
    public double Chance(int a, int b)
    {
        // Pieces are kept from right to left and are disjoint: a piece of a beats all pieces of b that come after it.
        double below = 0, won = 0, all = 0;
        for (int j = _first[b]; j < _last[b]; j++) below += _ends[j] - _starts[j];
        double total = below;
        int at = _first[b];
        for (int i = _first[a]; i < _last[a]; i++)
        {
            for (; at < _last[b] && _starts[at] >= _ends[i]; at++) below -= _ends[at] - _starts[at];
            won += (_ends[i] - _starts[i]) * Math.Max(0, below);
            all += _ends[i] - _starts[i];
        }
        return all * total > 0 ? won / (all * total) : 0;
    }

    // Gives a token a set of this mass whose first moment is as near to the wanted one as what is free allows; returns the moment.
    private double Place(double mass, double moment)
    {
        double start = (moment / mass) - (mass / 2);
        if (start >= _edge && 1 - mass >= _edge)
        {
            start = Math.Min(start, 1 - mass);
            if (start > _edge) (_freeStart[_free], _freeEnd[_free++]) = (_edge, start);
            _edge = start + mass;
            return Take(start, _edge);
        }
        // An interval of what is free around the last one: its right part begins at the edge, the rest is taken from the free places on the left, the nearest first.
        int right = _pieces++;
        double left = 0, taken = 0, least = mass - (1 - _edge);
        while (_free > 0 && taken < mass)
        {
            (double from, double to) = (_freeStart[_free - 1], _freeEnd[_free - 1]);
            double rest = mass - taken, most = Math.Min(to - from, rest);
            double x = (left + (rest * _edge) + (rest * rest / 2) - moment) / (rest + _edge - to);
            x = Math.Clamp(x, Math.Min(most, Math.Max(0, least - taken)), most);
            if (x > 0) left += Take(to - x, to);
            taken += x;
            if (x < to - from)
            {
                _freeEnd[_free - 1] = to - x;
                break;
            }
            _free--;
        }
        (_starts[right], _ends[right]) = (_edge, _edge += Math.Max(0, mass - taken));
        return left + Moment(right);
    }

    private double Take(double start, double end)
    {
        (_starts[_pieces], _ends[_pieces]) = (start, end);
        return Moment(_pieces++);
    }

    private double Moment(int piece) => (_ends[piece] - _starts[piece]) * (_ends[piece] + _starts[piece]) / 2;

    private void Grow(int count)
    {
        if (_selected.Length >= count) return;
        int size = Math.Max(count, 2 * _selected.Length);
        (_selected, _ratio, _freeStart, _freeEnd) = (new double[size], new double[size], new double[size + 1], new double[size + 1]);
        (_order, _first, _last) = (new int[size], new int[size], new int[size]);
        // Each token has its right part, the rest of one free place, and whole free places, of which no more arise than there are tokens.
        (_starts, _ends) = (new double[3 * size], new double[3 * size]);
    }
}
