using System.Text.Json.Serialization;
using Percheron.Cli.Quality;

namespace Percheron.Cli.Output;

/// <summary>Everything that <c>--json</c> prints; names are snake_case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(MethodReport[]))]
[JsonSerializable(typeof(InspectReport))]
[JsonSerializable(typeof(TokenizeReport))]
[JsonSerializable(typeof(QuantizeReport))]
[JsonSerializable(typeof(WidenReport))]
[JsonSerializable(typeof(IndexReport))]
[JsonSerializable(typeof(ProfileReport))]
[JsonSerializable(typeof(LayersReport))]
[JsonSerializable(typeof(ScoreReport))]
[JsonSerializable(typeof(GenerateReport))]
[JsonSerializable(typeof(CompareReport))]
[JsonSerializable(typeof(BenchReport))]
[JsonSerializable(typeof(PlanReport))]
[JsonSerializable(typeof(AgainstReport))]
[JsonSerializable(typeof(ArtefactReport))]
[JsonSerializable(typeof(TranscribeReport))]
[JsonSerializable(typeof(EvaluationReport))]
[JsonSerializable(typeof(EvaluationHeader))]
[JsonSerializable(typeof(EvaluationLine))]
internal sealed partial class JsonContext : JsonSerializerContext;
