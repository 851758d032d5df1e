namespace Percheron.Planning;

/// <summary>
/// What speculation has saved and cost against plain decoding, in milliseconds. It may never have cost more than a small share of the time that has passed: this is what
/// bounds experiments, however they come out.
/// </summary>
internal sealed class SavingsLedger
{
    // Shares of the time: one for drafts that were not accepted, one for draft models that read a prompt before anything is known of them.
    private const double ExperimentShare = 0.012, ReadingShare = 0.012;

    private double _saved, _granted;

    /// <summary>Milliseconds of all steps.</summary>
    public double Elapsed { get; private set; }

    /// <summary>Milliseconds that may still be lost.</summary>
    public double Left => _saved + (ExperimentShare * Elapsed);

    /// <summary>Notes a step.</summary>
    /// <param name="milliseconds">What it took.</param>
    /// <param name="plain">What plain decoding would have taken for the same tokens; NaN if the step was plain.</param>
    public void Add(double milliseconds, double plain)
    {
        Elapsed += milliseconds;
        if (!double.IsNaN(plain)) _saved += plain - milliseconds;
    }

    /// <summary>Whether a draft model that has not proved itself may read for so long, when <paramref name="expected"/> milliseconds of decoding are still to come.</summary>
    public bool Grant(double milliseconds, double expected)
    {
        if (_granted + milliseconds > ReadingShare * (Elapsed + expected)) return false;
        _granted += milliseconds;
        return true;
    }
}
