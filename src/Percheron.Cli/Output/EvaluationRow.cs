using System.Text.Json.Serialization;

namespace Percheron.Cli.Output;

/// <summary>One drafter with one verifier and budget: speed and quality.</summary>
/// <param name="Drafter">Canonical spec; <c>none</c> is plain decoding.</param>
/// <param name="Verifier">Canonical spec.</param>
/// <param name="Budget"><c>auto</c> or nodes.</param>
/// <param name="Lossless">What the verifier promises.</param>
/// <param name="Speed">Absent for plain decoding and where nothing was timed.</param>
/// <param name="AcceptedLength">τ of the answers that were judged.</param>
/// <param name="Samples">Answers judged.</param>
/// <param name="Identical">Of them those that are plain decoding's.</param>
/// <param name="Metrics">Scores.</param>
internal sealed record EvaluationRow(
    string Drafter, string Verifier, string Budget, bool Lossless, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SpeedRow? Speed, double AcceptedLength, int Samples, int Identical, IReadOnlyList<MetricRow> Metrics)
{
    [JsonIgnore]
    public bool IsPlain => Drafter == "none";
}
