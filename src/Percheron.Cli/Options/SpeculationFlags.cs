using System.CommandLine;
using System.Globalization;
using Percheron.Cli.Hosting;
using Percheron.Decoding;
using Percheron.Planning;

namespace Percheron.Cli.Options;

/// <summary>Who guesses, who decides, and how much is guessed.</summary>
internal sealed class SpeculationFlags
{
    private const string StandardVerifier = "coupled";

    private readonly Option<string?> _drafter = new("--drafter") { Description = "Who guesses; see 'percheron drafters'. [default: fallback(suffix, model) with a draft model, else suffix]", HelpName = "SPEC" };
    private readonly Option<string> _verifier = new("--verifier") { Description = "Who decides; see 'percheron verifiers'.", HelpName = "SPEC", DefaultValueFactory = _ => StandardVerifier };
    private readonly Option<string> _budget = new("--budget") { Description = "Nodes to verify in a step: auto (the planner: what pays on this machine), back-off (the drafter's own depth, with pauses when acceptance falls) or a number; 0 is plain decoding.", HelpName = "SPEC", DefaultValueFactory = _ => "auto" };

    public void AddTo(Command command)
    {
        command.Add(_drafter);
        command.Add(_verifier);
        command.Add(_budget);
    }

    /// <summary>Only the budget, for a command that has lists of the others.</summary>
    public void AddBudgetTo(Command command) => command.Add(_budget);

    /// <summary>Only the drafter, for a command that decodes nothing.</summary>
    public void AddDrafterTo(Command command) => command.Add(_drafter);

    /// <summary>The drafter's spec, canonical.</summary>
    public string ReadDrafter(ParseResult parsed, ModelHost host) => Spec.Parse(parsed.GetValue(_drafter) ?? Standard(host)).ToString();

    /// <summary>What the drafter and the verifier that were named will ask for.</summary>
    public IReadOnlyList<SpecNeed> ReadNeeds(ParseResult parsed, Catalog catalog) =>
        [.. parsed.GetValue(_drafter) is { } drafter ? catalog.Needs(drafter, typeof(Drafter)) : [], .. parsed.GetValue(_verifier) is { } verifier ? catalog.Needs(verifier, typeof(Verifier)) : []];

    /// <summary>The verifier's spec, canonical.</summary>
    public string ReadVerifier(ParseResult parsed) => Spec.Parse(parsed.GetValue(_verifier)!).ToString();

    /// <summary>Makes a fresh policy for each run, because policies learn.</summary>
    public Func<ModelHost, Drafter, BudgetPolicy> ReadBudget(ParseResult parsed)
    {
        string budget = parsed.GetValue(_budget)!;
        if (budget == "back-off") return static (_, _) => new BackOffBudget();
        if (budget == "auto") return static (host, drafter) => host.NewPlanner(drafter);
        return int.TryParse(budget, NumberStyles.None, CultureInfo.InvariantCulture, out int nodes)
            ? (_, _) => new FixedBudget(nodes)
            : throw Failure.Usage($"--budget must be auto, back-off or a number of nodes, not '{budget}'.");
    }

    /// <summary>The drafter that is used when none is named.</summary>
    public static string Standard(ModelHost host) => host.DraftPath is null ? "suffix" : "fallback(suffix, model)";
}
