using System.Globalization;
using Percheron.Cli.Output;
using Percheron.Decoding;

namespace Percheron.Benchmarks.Runs;

/// <summary><c>batch</c>: tokens/s of plain decoding, of fixed budgets and of <c>--budget auto</c>, for batches of several sizes. Auto is to be within 5 % of the best of the others.</summary>
internal static class BatchCommand
{
    public const string Name = "batch";

    private const int Auto = -1;

    public static int Run(ReadOnlySpan<string> arguments)
    {
        RunOptions options = new(arguments, "-m", "-md", "-t", "-n", "--repeats", "--batches", "--budgets", "--temperature", "--drafter");
        int[] sizes = options.Numbers("--batches", [1, 4, 16, 64]);
        using Workbench bench = new(options, sizes.Max());
        int tokens = options.Number("-n", 64), repeats = options.Number("--repeats", 3);
        int[] budgets = [0, .. options.Numbers("--budgets", [1, 2, 4, 8]), Auto];
        string drafter = options.Text("--drafter") ?? bench.StandardDrafter;
        SamplingSettings sampling = new() { Temperature = options.Real("--temperature", 0) };
        Random random = new(1);
        int[][] known = [.. Workbench.Familiar.Select(p => bench.Encode(p, random))];
        Console.WriteLine($"tokens/s, {drafter}, temperature {sampling.Temperature.ToString(CultureInfo.InvariantCulture)}, {tokens} tokens each, medians of {repeats}\n");
        Console.WriteLine($"| batch | plain | {string.Join(" | ", budgets[1..^1])} | auto | auto / best of the others |\n|--:|{string.Concat(budgets.Select(_ => "--:|"))}--:|");
        foreach (int size in sizes)
        {
            int[][] prompts = [.. Enumerable.Range(0, size).Select(i => known[i % known.Length])];
            var rates = new List<double>[budgets.Length];
            for (int i = 0; i < budgets.Length; i++) rates[i] = [];
            for (int repeat = -1; repeat < repeats; repeat++)
            {
                // Who begins rotates; the first round only warms up.
                for (int i = 0; i < budgets.Length; i++)
                {
                    int at = (i + repeat + budgets.Length) % budgets.Length;
                    double rate = bench.Run(prompts, sampling, repeat < 0 ? Math.Min(8, tokens) : tokens, drafter, budgets[at]).DecodeRate;
                    if (repeat >= 0) rates[at].Add(rate);
                }
            }
            double[] medians = [.. rates.Select(r => Spread.Of(r).Median)];
            // Round by round, so that a machine that changes its speed favours nobody.
            double ratio = Spread.Of(Enumerable.Range(0, repeats).Select(r => rates[^1][r] / rates[..^1].Max(x => x[r]))).Median;
            Console.WriteLine($"| {size} | {string.Join(" | ", medians.Select(m => m.ToString("0.0", CultureInfo.InvariantCulture)))} | {ratio.ToString("0.000", CultureInfo.InvariantCulture)} |");
        }
        return 0;
    }
}
