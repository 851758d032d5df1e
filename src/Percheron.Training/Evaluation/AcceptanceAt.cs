namespace Percheron.Training.Evaluation;

/// <summary>What a drafter won at one temperature.</summary>
/// <param name="Temperature">Of the target's law; nothing else is cut off.</param>
/// <param name="AcceptedLength">τ: committed tokens for each forward of the target.</param>
/// <param name="ByDepth">Share of the candidates at depth 1, 2, … that were accepted, of the steps that offered one there.</param>
/// <param name="Tokens">Committed tokens.</param>
public sealed record AcceptanceAt(double Temperature, double AcceptedLength, IReadOnlyList<double> ByDepth, long Tokens);
