using System.Globalization;
using System.Text.Json.Nodes;
using Percheron.Cli;
using Percheron.Training.Corpus;

namespace Percheron.Benchmarks.Runs;

/// <summary><c>held-out</c>: the first lines of entries of the .NET documentation that no model here was trained on, as prompts, and the training side as a corpus for drafters that copy from one.</summary>
internal static class HeldOutCommand
{
    public const string Name = "held-out";

    // Of the training side: more would only take longer to index.
    private const int CorpusBytes = 8 << 20;

    public static int Run(ReadOnlySpan<string> arguments)
    {
        RunOptions options = new(arguments, "-n", "--prompts", "--corpus");
        IReadOnlyList<Document> all = DotnetDocumentation.Read(DotnetDocumentation.FindRoot());
        Document[] held = [.. all.Where(d => HeldOut.Contains(d.Member) && d.Member.StartsWith("M:", StringComparison.Ordinal))];
        int count = Math.Min(options.Number("-n", 24), held.Length);
        if (options.Text("--prompts") is { } prompts)
            File.WriteAllLines(prompts, Enumerable.Range(0, count).Select(i => new JsonObject { ["prompt"] = held[(long)i * held.Length / count].Member + "\n" }.ToJsonString()));
        if (options.Text("--corpus") is { } corpus)
        {
            using StreamWriter writer = File.CreateText(corpus);
            // Spread over the alphabet, so that a part is no single namespace.
            long bytes = all.Sum(d => (long)d.Text.Length), taken = 0, seen = 0;
            foreach (Document document in all.Where(d => !HeldOut.Contains(d.Member)))
            {
                seen += document.Text.Length;
                if (taken * bytes > seen * CorpusBytes) continue;
                writer.WriteLine(document.Text);
                taken += document.Text.Length;
            }
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} of {held.Length} held-out members of {all.Count} entries"));
        return options.Text("--prompts") is null && options.Text("--corpus") is null ? throw Failure.Usage("held-out needs --prompts FILE.jsonl, --corpus FILE.txt or both.") : 0;
    }
}
