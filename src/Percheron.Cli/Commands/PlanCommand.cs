using System.CommandLine;
using System.Globalization;
using Percheron.Cli.Hosting;
using Percheron.Cli.Options;
using Percheron.Cli.Output;
using Percheron.Decoding;
using Percheron.Models;
using Percheron.Planning;

namespace Percheron.Cli.Commands;

/// <summary><c>percheron plan</c>: what <c>--budget auto</c> starts from here, and what it would do.</summary>
internal static class PlanCommand
{
    private const int Width = 3, MostDepth = 16;

    private static readonly int[] Sizes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 24, 31];

    public static Command Create(Terminal terminal)
    {
        Command command = new("plan", "Measures target and draft, and shows what '--budget auto' would do here: for each number of nodes the best tree, what the step takes and the tokens it is expected to give.");
        Option<double> acceptance = new("--acceptance") { Description = "How often a first candidate is accepted, 0 to 1. A run learns it; this is what it starts from.", HelpName = "A", DefaultValueFactory = _ => 0.7 };
        Option<int> prefix = new("--prefix") { Description = "Committed positions to plan for.", HelpName = "N", DefaultValueFactory = _ => 128 };
        ModelFlags models = new();
        SpeculationFlags how = new();
        PluginFlag plugin = new();
        JsonFlag json = new();
        command.Add(acceptance);
        command.Add(prefix);
        models.AddTo(command);
        how.AddDrafterTo(command);
        plugin.AddTo(command);
        json.AddTo(command);
        Help.Attach(command, terminal, "percheron plan --acceptance 0.8");
        command.SetAction(parsed =>
        {
            double rate = parsed.GetValue(acceptance);
            if (!(rate is >= 0 and <= 1)) throw Failure.Usage("--acceptance is a probability, 0 to 1.");
            if (parsed.GetValue(prefix) < 0) throw Failure.Usage("--prefix must be 0 or more.");
            Catalog catalog = plugin.Read(parsed);
            using ModelHost host = new(models.Read(parsed) with { Needs = how.ReadNeeds(parsed, catalog) }, terminal);
            string spec = how.ReadDrafter(parsed, host);
            PlanReport report = Report(host, spec, catalog.Drafter(spec, host), rate, parsed.GetValue(prefix));
            if (json.Read(parsed)) Json.Write(terminal, report);
            else PlanTable.Write(report, terminal);
            return 0;
        });
        return command;
    }

    private static PlanReport Report(ModelHost host, string spec, Drafter drafter, double rate, int prefix)
    {
        IModel? model = Model(drafter);
        double level = model is null ? 0 : host.CostOf(model).Milliseconds(1), plain = host.Cost.Milliseconds(1, prefix);
        PositionalTree[] trees = [.. Enumerable.Range(1, MostDepth).Select(depth => new PositionalTree((_, rank) => rate * Math.Pow(1 - rate, rank), Sizes[^1], depth, Width))];
        PlanRow[] rows = [.. Sizes.Select(nodes => Row(nodes))];
        PlanRow best = rows.MaxBy(r => r.TokensPerMs)!;
        return new PlanReport(host.TargetPath, host.DraftPath, spec, host.Target.Team.Threads, rate, level, host.Cost.Milliseconds(1, prefix + 1000) / 1000 - plain / 1000, rows, best.Nodes, best.Depth, best.Speedup, Decision(best, rows, level, plain));

        // The first level is a forward, the others what the model says they are.
        double Drafting(int depth) => level * (1 + ((depth - 1) * (model?.LevelCost ?? 1)));

        PlanRow Row(int nodes)
        {
            double target = host.Cost.Milliseconds(1 + nodes, prefix);
            if (nodes == 0) return new PlanRow(0, 0, target, 0, 1, 1 / target, plain / target);
            int depth = Enumerable.Range(1, Math.Min(nodes, MostDepth)).MaxBy(d => (1 + trees[d - 1].Expected(nodes)) / (target + Drafting(d)));
            double tokens = 1 + trees[depth - 1].Expected(nodes), ms = target + Drafting(depth);
            return new PlanRow(nodes, depth, target, Drafting(depth), tokens, tokens / ms, tokens / ms * plain);
        }
    }

    private static string Decision(PlanRow best, PlanRow[] rows, double level, double plain)
    {
        double row = (rows[^1].TargetMs - rows[0].TargetMs) / rows[^1].Nodes / plain;
        string costs = $"a further row takes {Percent(row)} of a plain step and one forward of the draft {Percent(level / plain)}";
        return best.Nodes == 0
            ? $"Plain decoding: {costs}; at this acceptance no draft wins back what it takes. A run tries again now and then, and drafts as soon as more is accepted."
            : $"Draft about {best.Nodes} nodes {best.Depth} deep for {best.Speedup.ToString("0.00", CultureInfo.InvariantCulture)} × plain: {costs}. A run drafts on while a token is likely enough to pay for its row, less where the draft is in doubt.";
    }

    private static string Percent(double part) => (100 * part).ToString("0.#", CultureInfo.InvariantCulture) + " %";

    // The last member is asked where no other has anything to propose; its model is what drafting costs.
    private static IModel? Model(Drafter drafter) => drafter.Model ?? (drafter.Members.Count > 0 ? drafter.Members.Select(Model).LastOrDefault(m => m is not null) : null);
}
