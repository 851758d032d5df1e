using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>
/// Rows of a grid side by side: while a row is written, the rows below it are begun, each some tokens behind the one above, by the target itself and in the same forward. When a row is complete, the beginning of the next
/// one is drafted as a whole.
/// </summary>
/// <remarks>
/// <para>A token of a row below is drawn from the target's law given all that is known above it and to its left; the right end of the row above, which is missing, it does not see, and its first token is drawn behind the token
/// above the missing one. Under an exact verifier these are drafts like others. They are marked as decided; a verifier that takes them at their word (<c>decided</c>) commits as many tokens a step as there are rows, and
/// changes the target's factorization.</para>
/// <para>The grid begins with the output. Rows below live in an overlay of the sequence's cache. A constraint is kept as far as it depends on the position alone. Of no use within a composite, which asks nothing for it.</para>
/// </remarks>
[Method(Source = "He et al., ZipAR, arXiv 2412.04062 §3.2", Examples = ["zipar", "zipar(width=2, window=0)"])]
public sealed class ZiparDrafter : Drafter
{
    private readonly PerSequence<RowsAhead> _rows;
    private readonly Sampler _sampler = new();

    /// <param name="width">Tokens of a row of the grid.</param>
    /// <param name="window">Tokens that a row stays behind what has been read of the one above; with the whole width nothing is decoded ahead.</param>
    /// <param name="rows">Most rows that are decoded below the current one.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public ZiparDrafter(int width = 16, int window = 4, int rows = 8)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, 4096);
        ArgumentOutOfRangeException.ThrowIfNegative(window);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(window, width);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, 1024);
        _rows = new PerSequence<RowsAhead>(_ => new RowsAhead(width, window, rows));
    }

    /// <inheritdoc/>
    public override Rows? Aside(Sequence sequence, long limit) => _rows[sequence] is var rows && rows.Ask(sequence, limit) ? rows.Asked : null;

    /// <inheritdoc/>
    public override void Observe(in Step step)
    {
        if (step.HasLogits && _rows.TryGet(step.Sequence, out RowsAhead? rows)) rows.Learn(step, _sampler);
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence) => _rows.Release(sequence);

    /// <inheritdoc/>
    protected override void Draft(Sequence sequence, TokenTree tree)
    {
        if (_rows[sequence].Offer(sequence) is not { } row) return;
        for (int i = 0, at = 0; i < row.Tokens.Count && tree.Room > 0; i++)
        {
            Distribution law = tree.RentLaw();
            law.CopyFrom(row.Law(i));
            at = tree.Add(at, row.Tokens[i], law);
            tree.Decide(at);
        }
    }
}
