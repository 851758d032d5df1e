namespace Percheron.Cli.Output;

/// <summary>Speed of one contender, each answer alone and paired with plain decoding's in the same turn, from prompt to artefact.</summary>
/// <param name="RatioToPlain">Time of plain decoding ÷ its own, over all timed prompts.</param>
/// <param name="Low">2.5 % of the resamples lie below.</param>
/// <param name="High">2.5 % lie above.</param>
/// <param name="TokensPerSecond">Of whole answers.</param>
/// <param name="Ms">Mean of an answer.</param>
/// <param name="PlainMs">Mean of plain decoding's.</param>
/// <param name="AcceptedLength">τ of the timed answers.</param>
/// <param name="Runs">Pairs.</param>
internal sealed record SpeedRow(double RatioToPlain, double Low, double High, double TokensPerSecond, double Ms, double PlainMs, double AcceptedLength, int Runs);
