using Percheron.Decoding;

namespace Percheron.Sample;

/// <summary>Finds the shortest period with which the last tokens repeat, and goes on with it: good for tables, rulers and lists, and for nothing else.</summary>
/// <remarks>It remembers nothing, so there is nothing to free. Its guesses are fixed candidates: it adds them without a law.</remarks>
[Method(Source = "Periods of a text: Lyndon and Schützenberger 1962", Examples = ["period", "period(longest=4, times=1, length=3)"])]
public sealed class PeriodDrafter : Drafter
{
    private readonly int _longest, _times, _length;

    /// <param name="longest">Longest period looked for, in tokens.</param>
    /// <param name="times">How often it must have been repeated already.</param>
    /// <param name="length">Tokens drafted.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is less than 1.</exception>
    public PeriodDrafter(int longest = 16, int times = 1, int length = 8)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(longest, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        (_longest, _times, _length) = (longest, times, length);
    }

    /// <inheritdoc/>
    protected override void Draft(Sequence sequence, TokenTree tree)
    {
        ReadOnlySpan<int> text = sequence.Tokens;
        for (int period = 1; period <= _longest && period * (_times + 1) <= text.Length; period++)
        {
            // The text equals itself, moved by one period.
            int repeated = period * _times;
            if (!text[^repeated..].SequenceEqual(text[^(repeated + period)..^period])) continue;
            ReadOnlySpan<int> cycle = text[^period..];
            // Where a budget has prices, a row is added only if it is worth its own.
            for (int i = 0, at = 0; i < _length && tree.Room > 0 && tree.WorthRow(tree.ChanceOf(at), tree.Count - 1); i++) at = tree.Add(at, cycle[i % period]);
            return;
        }
    }
}
