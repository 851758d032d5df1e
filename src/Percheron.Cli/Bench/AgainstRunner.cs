using System.Globalization;
using System.Text.Json;
using Percheron.Cli.Output;

namespace Percheron.Cli.Bench;

/// <summary>Runs this program and another in turn, each as a process of its own, so that loading, compiling and a busy machine are the same for both.</summary>
internal sealed class AgainstRunner(AgainstPlan plan, OtherProgram other, Terminal terminal)
{
    /// <summary>Runs everything, or until Ctrl-C; only cells that have a pair are given.</summary>
    /// <exception cref="Failure">One of the programs fails.</exception>
    public IReadOnlyList<AgainstRow> Run()
    {
        string file = Path.Combine(Path.GetTempPath(), $"percheron-prompt-{Guid.NewGuid():N}.txt");
        var rows = new List<AgainstRow>();
        try
        {
            foreach (float temperature in plan.Temperatures)
                foreach (string verifier in plan.Verifiers)
                    foreach (string? drafter in plan.Drafters)
                        if (Cell(file, drafter, verifier, temperature) is { } row) rows.Add(row);
        }
        finally
        {
            File.Delete(file);
        }
        return rows;
    }

    private AgainstRow? Cell(string file, string? drafter, string verifier, float temperature)
    {
        List<double> own = [], others = [], ratios = [];
        string ran = drafter ?? "";
        try
        {
            for (int pair = -1; pair < plan.Repeats * plan.Prompts.Count; pair++)
            {
                // What follows the text in the file is dropped again by generate; most other programs do the same.
                File.WriteAllText(file, plan.Prompts[Math.Max(pair, 0) % plan.Prompts.Count]);
                bool otherFirst = pair % 2 != 0;
                double theirs = otherFirst ? Other(file, temperature) : 0;
                (double ours, ran) = Own(file, drafter, verifier, temperature);
                if (!otherFirst) theirs = Other(file, temperature);
                // The first pair only brings both programs and their files into memory.
                if (pair < 0) continue;
                own.Add(ours);
                others.Add(theirs);
                ratios.Add(other.Pattern is null ? theirs / ours : ours / theirs);
            }
        }
        catch (OperationCanceledException)
        {
            // What is complete still counts.
        }
        return ratios.Count == 0 ? null : new AgainstRow(ran, verifier, temperature, Spread.Of(own), Spread.Of(others), Spread.Of(ratios), ratios.Count);
    }

    private double Other(string file, float temperature) => other.Measure(file, plan.MaxTokens, temperature, plan.Seed, terminal.Stop);

    // Seconds of the whole process, or tokens per second where those of the other program are picked; and who drafted.
    private (double Measure, string Drafter) Own(string file, string? drafter, string verifier, float temperature)
    {
        List<string> command =
        [
            .. plan.Own, "generate", "--prompt-file", file, "--max-tokens", plan.MaxTokens.ToString(CultureInfo.InvariantCulture), "--seed", plan.Seed.ToString(CultureInfo.InvariantCulture),
            "--temperature", temperature.ToString(CultureInfo.InvariantCulture), "--verifier", verifier, "--json", .. plan.Passed,
        ];
        if (drafter is not null) command.AddRange(["--drafter", drafter]);
        ProgramRun run = ProgramRun.Of(command, "percheron generate", terminal.Stop);
        using JsonDocument report = JsonDocument.Parse(run.Output);
        double rate = report.RootElement.GetProperty("stats").GetProperty("decode_tokens_per_second").GetDouble();
        if (other.Pattern is not null && rate <= 0) throw new Failure("percheron generate wrote too few tokens to measure a speed; give a longer -n or --ignore-eos.");
        return (other.Pattern is null ? run.Seconds : rate, report.RootElement.GetProperty("drafter").GetString() ?? "");
    }
}
