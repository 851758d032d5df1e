namespace Percheron.Evaluation.Translation;

/// <summary>What the finite verb of a clause says besides its meaning.</summary>
internal enum Tense
{
    Present,
    Past,
    Future,
    Can,
    Must,
    Want,
    Should,
    May,
}
