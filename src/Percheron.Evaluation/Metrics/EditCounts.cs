namespace Percheron.Evaluation.Metrics;

/// <summary>What it takes to turn a reference into an output: the alignment with the fewest changes, and of several the one with the fewest insertions and deletions.</summary>
/// <param name="Substitutions">Units that are another.</param>
/// <param name="Deletions">Units of the reference that the output lacks.</param>
/// <param name="Insertions">Units of the output that the reference lacks.</param>
/// <param name="Hits">Units that are the same.</param>
public readonly record struct EditCounts(int Substitutions, int Deletions, int Insertions, int Hits)
{
    /// <summary>Changes in all.</summary>
    public int Errors => Substitutions + Deletions + Insertions;

    /// <summary>Aligns an output with its reference.</summary>
    public static EditCounts Align<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> reference) where T : IEquatable<T>
    {
        var row = new EditCounts[output.Length + 1];
        for (int o = 1; o <= output.Length; o++) row[o] = new EditCounts(0, 0, o, 0);
        for (int r = 1; r <= reference.Length; r++)
        {
            EditCounts diagonal = row[0];
            row[0] = new EditCounts(0, r, 0, 0);
            for (int o = 1; o <= output.Length; o++)
            {
                EditCounts above = row[o];
                bool same = reference[r - 1].Equals(output[o - 1]);
                EditCounts best = same ? diagonal with { Hits = diagonal.Hits + 1 } : diagonal with { Substitutions = diagonal.Substitutions + 1 };
                best = Better(best, above with { Deletions = above.Deletions + 1 });
                best = Better(best, row[o - 1] with { Insertions = row[o - 1].Insertions + 1 });
                (diagonal, row[o]) = (above, best);
            }
        }
        return row[^1];
    }

    private static EditCounts Better(EditCounts known, EditCounts other) =>
        other.Errors < known.Errors || (other.Errors == known.Errors && other.Insertions + other.Deletions < known.Insertions + known.Deletions) ? other : known;
}
