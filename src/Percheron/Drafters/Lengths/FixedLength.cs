using Percheron.Decoding;

namespace Percheron.Drafters.Lengths;

/// <summary>Always as many levels, however doubtful.</summary>
[Method(Source = "Speculative decoding, arXiv 2211.17192", Examples = ["model(length=fixed(3))"])]
public sealed class FixedLength : DraftLength
{
    private readonly int _levels;

    /// <param name="levels">Levels, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public FixedLength(int levels = 4)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 1);
        _levels = levels;
    }

    /// <inheritdoc/>
    public override int Levels(Sequence sequence, int most) => Math.Min(_levels, most);
}
