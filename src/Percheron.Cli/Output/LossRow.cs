using Percheron.Evaluation.Metrics;

namespace Percheron.Cli.Output;

/// <summary>How much worse than plain decoding, in percent of its score, paired by prompt; negative is better.</summary>
/// <param name="Percent">Of all samples.</param>
/// <param name="Low">2.5 % of the resamples lie below.</param>
/// <param name="High">2.5 % lie above.</param>
/// <param name="Passes">Whether the interval includes a loss of half a percent or less.</param>
internal sealed record LossRow(double Percent, double Low, double High, bool Passes)
{
    private const double Allowed = 0.5;

    public static LossRow Of(Interval loss) => new(loss.Value, loss.Low, loss.High, loss.Low <= Allowed);
}
