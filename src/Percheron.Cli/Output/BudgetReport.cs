using Percheron.Cli.Generation;
using Percheron.Planning;

namespace Percheron.Cli.Output;

/// <summary>What decided how much was drafted, and when and why that was less than it could have been.</summary>
/// <param name="Policy"><c>auto</c> or <c>fixed</c>.</param>
/// <param name="OffSteps">Steps in which drafting was off or reduced.</param>
/// <param name="Reason">Why, most of the time; null where it never was.</param>
internal sealed record BudgetReport(string Policy, long OffSteps, string? Reason)
{
    public static BudgetReport Of(GenerationResult result) => result.Budget is Planner planner
        ? new("auto", planner.Pauses.Total, Text(planner.Pauses.Main))
        : new("fixed", 0, result.Statistics.Offered == 0 && result.Budget is FixedBudget { IsPlain: true } ? "the budget is 0 nodes" : null);

    private static string? Text(PlanPause pause) => pause switch
    {
        PlanPause.Loss => "drafts that were not accepted had cost as much as may be lost against plain decoding",
        PlanPause.Drafter => "a draft took longer than the tokens it was expected to win",
        PlanPause.Rows => "a further row takes longer here than the token it may win is worth",
        PlanPause.Reading => "the draft model would have taken longer to read the text than the tokens to come can pay back",
        _ => null,
    };
}
