namespace Percheron.Planning;

/// <summary>
/// What speculation has saved and cost against plain decoding, in milliseconds. It may never have cost more than a small share of the time that has passed: this is what
/// bounds experiments, however they come out.
/// </summary>
internal sealed class SavingsLedger
{
    // Shares of the time for drafts that were not accepted: of the time to come and gone, so that a run can find out at once what it may win, and of the time gone, so
    // that something is left for later. Another one is for draft models that read a prompt before anything is known of them.
    private const double FirstShare = 0.010, LaterShare = 0.005, ReadingShare = 0.010;

    private double _saved, _granted;

    /// <summary>Milliseconds of all steps.</summary>
    public double Elapsed { get; private set; }

    /// <summary>Milliseconds that may still be lost, when <paramref name="ahead"/> milliseconds of plain decoding are still to come.</summary>
    public double Left(double ahead) => _saved + (FirstShare * (Elapsed + ahead)) + (LaterShare * Elapsed);

    /// <summary>Notes a step.</summary>
    /// <param name="milliseconds">What it took.</param>
    /// <param name="plain">What plain decoding would have taken for the same tokens; NaN if the step was plain.</param>
    public void Add(double milliseconds, double plain)
    {
        Elapsed += milliseconds;
        if (!double.IsNaN(plain)) _saved += plain - milliseconds;
    }

    /// <summary>Whether a draft model that has not proved itself may read for so long, when <paramref name="ahead"/> milliseconds of plain decoding are still to come.</summary>
    public bool Grant(double milliseconds, double ahead)
    {
        if (_granted + milliseconds > ReadingShare * (Elapsed + ahead)) return false;
        _granted += milliseconds;
        return true;
    }
}
