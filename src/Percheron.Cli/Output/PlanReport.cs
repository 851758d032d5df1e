namespace Percheron.Cli.Output;

/// <summary><c>plan --json</c>: the table the planner starts from, and what it says.</summary>
internal sealed record PlanReport(
    string Model, string? Draft, string Drafter, int Threads, double Acceptance, double DraftMs, double MillisecondsPerPosition, IReadOnlyList<PlanRow> Rows, int Nodes, int Depth, double Speedup, string Decision);
