using Percheron.Decoding;

namespace Percheron.Testing;

/// <summary>
/// Answers every random question of a program in every possible way, depth first, with the exact weight of each run. Run the program, add <see cref="Weight"/> to
/// the cell of its outcome, and repeat while <see cref="Next"/> says so: the cells then hold the exact law of the outcome.
/// </summary>
/// <remarks>The program must ask the same questions when it gets the same answers: whatever it carries from one run to the next shows as a question that changed.</remarks>
public sealed class EnumeratingRandom : RandomSource
{
    private readonly List<(int Choice, int From, int Count)> _script = [];
    private readonly List<double> _probabilities = [];
    private int _at;

    /// <summary>Probability of the answers given in this run.</summary>
    public double Weight { get; private set; } = 1;

    /// <summary>Number of runs begun, this one included.</summary>
    public long Runs { get; private set; } = 1;

    /// <inheritdoc/>
    public override bool Accept(double probability)
    {
        double p = Math.Clamp(probability, 0, 1);
        if (double.IsNaN(p)) throw new ArgumentException("the probability is not a number", nameof(probability));
        if (_at == _script.Count)
        {
            _script.Add((p > 0 ? 0 : 1, _probabilities.Count, 2));
            _probabilities.Add(p);
            _probabilities.Add(1 - p);
        }
        return Answer(2, p) == 0;
    }

    /// <inheritdoc/>
    public override int Pick(ReadOnlySpan<float> weights)
    {
        double total = 0;
        foreach (float w in weights) total += w >= 0 && float.IsFinite(w) ? w : throw new ArgumentException("a weight is negative or not finite", nameof(weights));
        if (total <= 0) throw new ArgumentException("no weight is positive", nameof(weights));
        if (_at == _script.Count)
        {
            int first = 0;
            while (weights[first] <= 0) first++;
            _script.Add((first, _probabilities.Count, weights.Length));
            foreach (float w in weights) _probabilities.Add(w / total);
        }
        return Answer(weights.Length, weights[0] / total);
    }

    /// <summary>This source: work beside the target asks its questions in the same run.</summary>
    public override RandomSource Fork() => this;

    /// <summary>Goes to the next run; false when every run has been made.</summary>
    public bool Next()
    {
        (_at, Weight) = (0, 1);
        while (_script.Count > 0)
        {
            (int choice, int from, int count) = _script[^1];
            do choice++;
            while (choice < count && _probabilities[from + choice] <= 0);
            if (choice < count)
            {
                _script[^1] = (choice, from, count);
                Runs++;
                return true;
            }
            _script.RemoveAt(_script.Count - 1);
            _probabilities.RemoveRange(from, count);
        }
        return false;
    }

    private int Answer(int count, double firstProbability)
    {
        (int choice, int from, int expected) = _script[_at++];
        if (expected != count || _probabilities[from] != firstProbability)
            throw new InvalidOperationException($"question {_at} changed between runs that gave the same answers: the program keeps state from run to run");
        Weight *= _probabilities[from + choice];
        return choice;
    }
}
