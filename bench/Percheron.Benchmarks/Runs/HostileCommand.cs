using Percheron.Cli.Output;

namespace Percheron.Benchmarks.Runs;

/// <summary><c>hostile</c>: <c>--budget auto</c> beside plain decoding where speculation cannot win. The promise is at most 3 % more time, experiments included.</summary>
internal static class HostileCommand
{
    public const string Name = "hostile";

    public static int Run(ReadOnlySpan<string> arguments)
    {
        RunOptions options = new(arguments, "-m", "-md", "-t", "-n", "--repeats", "--kinds", "--drafter");
        using Workbench bench = new(options);
        IReadOnlyList<HostileInput> all = HostileInput.All(bench);
        int tokens = options.Number("-n", 128), repeats = options.Number("--repeats", 5);
        Console.WriteLine($"| {"kind of input",-38} | plain, s | auto, s | auto / plain | quartiles | accepted length |\n|:--|--:|--:|--:|--:|--:|");
        double worst = 0;
        string worstName = "";
        foreach (int kind in options.Numbers("--kinds", [.. Enumerable.Range(1, all.Count)]))
        {
            HostileInput input = all[kind - 1];
            string drafter = input.Drafter ?? options.Text("--drafter") ?? bench.StandardDrafter;
            Measure(bench, input, drafter, -1, tokens);
            List<double> plain = [], auto = [], ratios = [];
            double length = 0;
            for (int i = 0; i < repeats; i++)
            {
                // Who begins alternates.
                if (i % 2 == 1) plain.Add(Measure(bench, input, drafter, 0, tokens).Seconds);
                (double seconds, length) = Measure(bench, input, drafter, -1, tokens);
                auto.Add(seconds);
                if (i % 2 == 0) plain.Add(Measure(bench, input, drafter, 0, tokens).Seconds);
                ratios.Add(auto[^1] / plain[^1]);
            }
            Spread ratio = Spread.Of(ratios);
            Console.WriteLine(FormattableString.Invariant($"| {kind + " " + input.Name,-38} | {Spread.Of(plain).Median:0.000} | {Spread.Of(auto).Median:0.000} | {ratio.Median:0.000} | {ratio.LowerQuartile:0.000}–{ratio.UpperQuartile:0.000} | {length:0.00} |"));
            if (ratio.Median > worst) (worst, worstName) = (ratio.Median, input.Name);
        }
        Console.WriteLine(FormattableString.Invariant($"\nworst: {worst:0.000} × the time of plain decoding ({worstName})"));
        return 0;
    }

    private static (double Seconds, double Length) Measure(Workbench bench, HostileInput input, string drafter, int budget, int tokens)
    {
        double seconds = 0, length = 0;
        foreach (int[] prompt in input.Prompts)
        {
            RunResult result = bench.Run([prompt], input.Sampling, input.Tokens > 0 ? input.Tokens : tokens, drafter, budget);
            seconds += result.Seconds;
            length += result.Statistics.AcceptedLength / input.Prompts.Length;
        }
        return (seconds, length);
    }
}
