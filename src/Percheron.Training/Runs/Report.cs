namespace Percheron.Training.Runs;

/// <summary>What a run says about itself after a step.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Loss">Mean training loss since the last report; NaN where there is none.</param>
/// <param name="HeldOut">Latest held-out loss; NaN before the first.</param>
/// <param name="TokensPerSecond">Speed since the last report.</param>
/// <param name="Fraction">Part of the run that is done, 0 to 1.</param>
/// <param name="Left">Time left.</param>
/// <param name="Score">Latest value of the run's criterion, where it is not the held-out loss; NaN before the first.</param>
public sealed record Report(long Step, double Loss, double HeldOut, double TokensPerSecond, double Fraction, TimeSpan Left, double Score = double.NaN);
