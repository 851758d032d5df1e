using System.Globalization;
using System.Text.RegularExpressions;

namespace Percheron.Cli.Bench;

/// <summary>A program that <c>bench --against</c> is paired with.</summary>
/// <param name="Command">Its command line, for the shell. <c>{prompt_file}</c>, <c>{n}</c>, <c>{temperature}</c> and <c>{seed}</c> stand for those of the run it is paired with.</param>
/// <param name="Pattern">Its first group is the number of tokens per second in what the program writes; null measures the whole process instead.</param>
internal sealed record OtherProgram(string Command, Regex? Pattern)
{
    private const string Name = "--against: the other program";

    /// <summary>Runs it once.</summary>
    /// <returns>Seconds of the whole process, or tokens per second if there is a pattern.</returns>
    /// <exception cref="Failure">It fails, or the pattern finds no number.</exception>
    public double Measure(string promptFile, int maxTokens, float temperature, ulong seed, CancellationToken stop)
    {
        string filled = Command.Replace("{prompt_file}", promptFile, StringComparison.Ordinal).Replace("{n}", Text(maxTokens), StringComparison.Ordinal)
            .Replace("{temperature}", Text(temperature), StringComparison.Ordinal).Replace("{seed}", Text(seed), StringComparison.Ordinal);
        ProgramRun run = ProgramRun.Of(OperatingSystem.IsWindows() ? ["cmd", "/c", filled] : ["/bin/sh", "-c", filled], Name, stop);
        return Pattern is null ? run.Seconds : Pick(run);
    }

    private double Pick(ProgramRun run)
    {
        try
        {
            // Where a program reports several runs or stages, the last report counts.
            Match? match = Pattern!.Matches(run.Output).Concat(Pattern.Matches(run.Error)).LastOrDefault();
            if (match is null) throw new Failure($"--against-pattern finds nothing in what the other program wrote{run.LastWords()}");
            string number = match.Groups[1].Value;
            return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double rate) && double.IsFinite(rate) && rate > 0
                ? rate
                : throw new Failure($"--against-pattern finds '{number}' where a number of tokens per second should be.");
        }
        catch (RegexMatchTimeoutException)
        {
            throw new Failure("--against-pattern takes too long on what the other program wrote; make it simpler.");
        }
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
