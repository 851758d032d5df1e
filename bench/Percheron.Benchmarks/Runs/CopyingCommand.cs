using System.Diagnostics;
using System.Globalization;
using Percheron.Cli;
using Percheron.Cli.Hosting;
using Percheron.Codecs;
using Percheron.Decoding;

namespace Percheron.Benchmarks.Runs;

/// <summary>
/// <c>copying --text FILE|FOLDER</c>: what a drafter that only reads tokens takes to learn a token and to draft, and what it keeps in memory, while a text is fed to it one
/// token at a time, cut into requests.
/// </summary>
internal static class CopyingCommand
{
    public const string Name = "copying";

    public static int Run(ReadOnlySpan<string> arguments)
    {
        RunOptions options = new(arguments, "-m", "--text", "--drafter", "--tokens", "--request", "--prompt", "--budget", "--blocks");
        string source = options.Text("--text") ?? throw Failure.Usage("give --text FILE or a folder.");
        int count = options.Number("--tokens", 1_000_000), request = options.Number("--request", 1000), blocks = options.Number("--blocks", 4);
        int[] text = Read(source, ModelFile.ReadTokenizer(options.Text("-m") ?? new EmbeddedModels(new Terminal(Console.Out, Console.Error).ModelsFolder).RequireTarget()), count);
        Drafter drafter = new Catalog().Drafter(options.Text("--drafter") ?? "suffix-tree", new Nothing());
        Console.WriteLine($"{options.Text("--drafter") ?? "suffix-tree"}: {text.Length:N0} tokens in requests of {request:N0}; µs for each token, learned and drafted behind\n");
        Console.WriteLine("| tokens | mean | median | 99 % below | largest | first guess right | mean draft | of it right | managed memory, MB |\n|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        var feed = new Feed(drafter, text, request, Math.Min(options.Number("--prompt", 32), request - 1), options.Number("--budget", 16));
        for (int block = 1; block <= blocks; block++) Console.WriteLine(feed.Run((int)((long)text.Length * block / blocks)));
        return 0;
    }

    private static int[] Read(string source, Tokenizer tokenizer, int count)
    {
        var ids = new List<int>();
        string[] files = Directory.Exists(source) ? [.. Directory.EnumerateFiles(source).Order(StringComparer.Ordinal)] : [source];
        foreach (string file in files)
        {
            using var reader = new StreamReader(file);
            while (ids.Count < count && reader.ReadLine() is { } line) tokenizer.Encode(line + "\n", addSpecial: false, parseSpecial: false, ids);
        }
        return [.. ids.Take(count)];
    }

    private sealed class Nothing : ISpecHost
    {
        public object? Supply(Type type, string parameter, string? file) => null;
    }

    private sealed class Feed(Drafter drafter, int[] text, int request, int prompt, int budget)
    {
        private readonly TokenTree _tree = new();
        private Sequence? _sequence;
        private int _at;

        /// <summary>Goes on until so many tokens have been fed; returns a row of the table.</summary>
        public string Run(int until)
        {
            var micros = new List<double>();
            long hits = 0, drafted = 0, right = 0;
            while (_at < until)
            {
                if (_sequence is null || _sequence.Count >= request)
                {
                    if (_sequence is not null) drafter.Release(_sequence);
                    int count = Math.Min(prompt, until - _at);
                    _sequence = new Sequence(text.AsSpan(_at, count));
                    _at += count;
                    // Reading a prompt is not a step.
                    Step();
                    continue;
                }
                _sequence.Append(text[_at++]);
                long start = Stopwatch.GetTimestamp();
                Step();
                micros.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
                (int length, int agreed) = Compare();
                (hits, drafted, right) = (hits + (agreed > 0 ? 1 : 0), drafted + length, right + agreed);
            }
            micros.Sort();
            int n = Math.Max(1, micros.Count);
            return string.Create(CultureInfo.InvariantCulture,
                $"| {_at:N0} | {micros.Average():0.00} | {micros[n / 2]:0.00} | {micros[n * 99 / 100]:0.0} | {micros[^1]:0} | {(double)hits / n:0.000} | {(double)drafted / n:0.00} | {(double)right / n:0.00} | {GC.GetTotalMemory(true) / 1e6:0.0} |");
        }

        private void Step()
        {
            _tree.Reset(_sequence!.Tokens[^1], _sequence.Count - 1, budget);
            drafter.Draft([new DraftSlot(_sequence, _tree)]);
        }

        // Nodes, and how long a path of the tree the text takes.
        private (int Nodes, int Agreed) Compare()
        {
            int agreed = 0;
            for (int at = 0; _at + agreed < text.Length && (at = _tree.FindCandidate(at, text[_at + agreed])) > 0;) agreed++;
            return (_tree.Count - 1, agreed);
        }
    }
}
