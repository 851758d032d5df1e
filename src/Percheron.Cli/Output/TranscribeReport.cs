namespace Percheron.Cli.Output;

/// <summary><c>transcribe --json</c>.</summary>
/// <param name="File">The recording.</param>
/// <param name="Seconds">How long it lasts.</param>
/// <param name="Text">What is said.</param>
/// <param name="Runs">Tokens, settings and counters, one run for each part that was heard at once.</param>
/// <param name="Compared">With <c>--compare</c>, as many.</param>
internal sealed record TranscribeReport(
    string File, double Seconds, string Text, IReadOnlyList<GenerateReport> Runs,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<CompareReport>? Compared);
