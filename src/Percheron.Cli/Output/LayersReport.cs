namespace Percheron.Cli.Output;

/// <summary><c>layers --json</c>.</summary>
/// <param name="Drafter">The spec that drafts with the set.</param>
/// <param name="Agreement">Share of the text that the model without the set says.</param>
/// <param name="Even">The same for as many layers left out evenly.</param>
/// <param name="Tried">Sets that were tried.</param>
internal sealed record LayersReport(string Drafter, double Agreement, double Even, int Tried);
