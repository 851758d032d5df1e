using Percheron.Cli.Generation;
using Percheron.Cli.Output;
using Percheron.Models;

namespace Percheron.Cli.Bench;

/// <summary>Runs a plan. All drafters take turns on each prompt and each is paired with the plain run of the same turn, so that a machine that changes its speed favours none.</summary>
internal sealed class BenchRunner(Generator generator, Terminal terminal)
{
    private const int WarmUpTokens = 32;
    private readonly List<string> _shortfalls = [];
    private int _done;

    /// <summary>Who says how probable the outputs are; null asks nobody.</summary>
    public Transformer? Scorer { get; init; }

    /// <summary>Runs everything, or until Ctrl-C; rows in the order of the plan.</summary>
    public IReadOnlyList<BenchRow> Run(BenchPlan plan)
    {
        var rows = new List<BenchRow>();
        foreach (IReadOnlyList<GenerationRequest> requests in plan.Requests)
        {
            foreach (string verifier in plan.Verifiers)
            {
                BenchCell[] cells = [.. plan.Drafters.Select(d => new BenchCell(d, verifier, requests[0].Sampling.Temperature))];
                foreach (string drafter in plan.Drafters) generator.Run(requests[0] with { MaxTokens = Math.Min(WarmUpTokens, requests[0].MaxTokens) }, drafter, verifier, stop: terminal.Stop);
                for (int repeat = 0; repeat < plan.Repeats; repeat++)
                    for (int prompt = 0; prompt < requests.Count; prompt++)
                        Turn(plan, requests[prompt], verifier, repeat + prompt, cells);
                foreach (string shortfall in cells.Select(c => c.Shortfall).OfType<string>()) _shortfalls.Add(shortfall);
                rows.AddRange(cells.Select(c => c.Row()).Where(r => r.Runs > 0));
            }
        }
        if (terminal.ErrorIsTerminal) terminal.Error.Write("\r                    \r");
        foreach (string shortfall in _shortfalls) terminal.Note(shortfall);
        return rows;
    }

    // Who begins rotates from turn to turn.
    private void Turn(BenchPlan plan, GenerationRequest request, string verifier, int first, BenchCell[] cells)
    {
        int count = plan.Drafters.Count;
        var results = new GenerationResult[count];
        for (int i = 0; i < count; i++)
        {
            int at = (first + i) % count;
            results[at] = generator.Run(request, plan.Drafters[at], verifier, stop: terminal.Stop);
            // A turn that was broken off counts for nobody.
            if (terminal.Stop.IsCancellationRequested) return;
            _done++;
            if (terminal.ErrorIsTerminal) terminal.Error.Write($"\r{_done}/{plan.Runs}");
        }
        for (int i = 0; i < count; i++)
        {
            cells[i].Add(results[i], results[0]);
            if (Scorer is not null) cells[i].AddLogProbabilities(TextScore.Of([.. request.Prompt, .. results[i].Tokens], Scorer, CancellationToken.None).AsSpan(request.Prompt.Length));
        }
    }
}
