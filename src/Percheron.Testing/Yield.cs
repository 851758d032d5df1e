namespace Percheron.Testing;

/// <summary>How much a pair wins on the toys. Mistakes that leave text and law perfect show here and nowhere else.</summary>
/// <param name="Greedy">Accepted length at temperature 0.</param>
/// <param name="Sampled">Accepted length at temperature 1.</param>
/// <param name="DraftRows">Rows that draft models evaluated for every token committed at temperature 0.</param>
public sealed record Yield(double Greedy, double Sampled, double DraftRows)
{
    /// <summary>What is wrong compared with approved numbers, or null.</summary>
    public string? Differs(Yield approved)
    {
        // At temperature 1 the last bits of exp, which differ between instruction sets, may move a draw.
        bool same = Math.Abs(Greedy - approved.Greedy) < 0.0005 && Math.Abs(Sampled - approved.Sampled) < 0.05 && Math.Abs(DraftRows - approved.DraftRows) < 0.0005;
        return same ? null : $"{this} was approved as {approved}";
    }
}
