namespace Percheron.Cli.Output;

/// <summary>One number of nodes: the best tree of so many, what the step takes and gives.</summary>
internal sealed record PlanRow(int Nodes, int Depth, double TargetMs, double DraftMs, double ExpectedTokens, double TokensPerMs, double Speedup);
