namespace Percheron.Training.Nets;

/// <summary>The rule of one tensor and how fast it follows.</summary>
/// <param name="Rule">Which rule.</param>
/// <param name="Factor">On the run's rate for that rule.</param>
public readonly record struct TensorUpdate(UpdateRule Rule, double Factor = 1);
