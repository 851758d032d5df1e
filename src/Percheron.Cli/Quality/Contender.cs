using System.Globalization;
using Percheron.Decoding;
using Percheron.Planning;

namespace Percheron.Cli.Quality;

/// <summary>One way of decoding that an evaluation compares with plain decoding.</summary>
/// <param name="Drafter">Canonical spec.</param>
/// <param name="Verifier">Canonical spec.</param>
/// <param name="Budget"><c>auto</c>, or a number of nodes.</param>
internal sealed record Contender(string Drafter, string Verifier, string Budget)
{
    private const string PlainDrafter = "none", Planned = "auto", Exact = "coupled";

    // What a lossy rule lets through depends on the tree: a budget that follows measured times would make its quality a matter of the machine.
    private const string LossyBudget = "16";

    /// <summary>Plain decoding.</summary>
    public static Contender Plain { get; } = new(PlainDrafter, Exact, "0");

    public bool IsPlain => Drafter == PlainDrafter;

    /// <summary>As reports and logs name it.</summary>
    public string Name => IsPlain ? "plain" : $"{Drafter} | {Verifier} | {Budget}";

    /// <summary>Reads <c>drafter</c>, <c>drafter | verifier</c> or <c>drafter | verifier | budget</c>; what is left out is <c>coupled</c>, and the planner's budget or, for a lossy verifier, 16 nodes.</summary>
    /// <param name="line">The text.</param>
    /// <param name="lossless">Says it of a verifier.</param>
    /// <exception cref="Failure">The line has more parts, or a budget that is none.</exception>
    public static Contender Parse(string line, Func<string, bool> lossless)
    {
        string[] parts = line.Split('|', StringSplitOptions.TrimEntries);
        if (parts.Length > 3) throw Failure.Usage($"'{line}': a line is drafter | verifier | budget.");
        string drafter = Spec.Parse(parts[0]).ToString(), verifier = parts.Length > 1 ? Spec.Parse(parts[1]).ToString() : Exact;
        if (drafter == PlainDrafter) return Plain;
        string budget = parts.Length > 2 ? parts[2] : lossless(verifier) ? Planned : LossyBudget;
        return budget == Planned || int.TryParse(budget, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? new Contender(drafter, verifier, budget) : throw Failure.Usage($"'{line}': a budget is auto or a number of nodes.");
    }

    /// <summary>A fresh policy; <paramref name="planner"/> makes those that plan.</summary>
    public BudgetPolicy NewBudget(Drafter drafter, Func<Drafter, BudgetPolicy> planner) => Budget == Planned ? planner(drafter) : new FixedBudget(int.Parse(Budget, CultureInfo.InvariantCulture));
}
