using System.Diagnostics;
using System.Globalization;
using Percheron.Cli;
using Percheron.Formats;

namespace Percheron.Benchmarks.Runs;

/// <summary>
/// <c>corpus --from FOLDER --bytes N --out FILE</c> synthesizes a text to index; <c>corpus --index FILE</c> opens what <c>percheron index</c> made of it and measures lookups.
/// A lookup is to take less than 50 µs on warm pages.
/// </summary>
internal static class CorpusCommand
{
    public const string Name = "corpus";

    public static int Run(ReadOnlySpan<string> arguments)
    {
        RunOptions options = new(arguments, "--from", "--bytes", "--out", "--seed", "--index", "--lookups", "--places");
        if (options.Text("--index") is { } index) return Look(index, options.Number("--lookups", 20_000), options.Number("--places", 32));
        if (options.Text("--from") is not { } from || options.Text("--out") is not { } output) throw Failure.Usage("give --from FOLDER and --out FILE to synthesize a text, or --index FILE to measure lookups.");
        var text = new CorpusText(Directory.EnumerateFiles(from).Order(StringComparer.Ordinal).Select(File.ReadAllText));
        using FileStream stream = File.Create(output);
        text.Write(stream, (long)options.Real("--bytes", 1e9f), options.Number("--seed", 1));
        Console.WriteLine($"{output}: {stream.Length:N0} bytes");
        return 0;
    }

    // Contexts are pieces of the corpus itself whose oldest half is random, so that a tail of 8 tokens is found and the search goes deep.
    private static int Look(string path, int lookups, int places)
    {
        long began = Stopwatch.GetTimestamp();
        using CorpusIndex index = CorpusIndex.Open(path);
        Console.WriteLine($"opened in {Stopwatch.GetElapsedTime(began).TotalMilliseconds.ToString("0.00", CultureInfo.InvariantCulture)} ms: {index.Count:N0} tokens, {new FileInfo(path).Length:N0} bytes");
        int[][] contexts = Contexts(index, lookups);
        long[] positions = new long[places];
        for (int round = 0; round < 3; round++)
        {
            double[] micros = new double[lookups];
            long found = 0;
            for (int i = 0; i < lookups; i++)
            {
                long start = Stopwatch.GetTimestamp();
                index.Find(contexts[i], positions, out int length);
                micros[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
                found += length;
            }
            Array.Sort(micros);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"round {round}: median {micros[lookups / 2]:0.0} µs, 99 % below {micros[lookups * 99 / 100]:0.0}, mean {micros.Average():0.0}, largest {micros[^1]:0}; {(double)found / lookups:0.0} tokens agreed"));
        }
        return 0;
    }

    private static int[][] Contexts(CorpusIndex index, int count)
    {
        var random = new Random(7);
        var contexts = new int[count][];
        for (int i = 0; i < count; i++)
        {
            long at = random.NextInt64(index.Count - 16);
            contexts[i] = [.. Enumerable.Range(0, 16).Select(k => k < 8 ? random.Next(index.Vocab) : index.Token(at + k))];
        }
        return contexts;
    }
}
