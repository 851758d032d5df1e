namespace Percheron.Evaluation.Metrics;

/// <summary>A number and the middle 95 % of what resampling makes of it.</summary>
/// <param name="Value">Of the samples themselves.</param>
/// <param name="Low">2.5 % of the resamples lie below.</param>
/// <param name="High">2.5 % lie above.</param>
public readonly record struct Interval(double Value, double Low, double High);
