using System.Globalization;
using System.Text.Json.Nodes;
using Percheron.Cli;

namespace Percheron.Benchmarks.Runs;

/// <summary><c>stories</c>: how stories of a file begin, as prompts. A story is paragraphs with empty lines between them; the next one follows on the next line.</summary>
internal static class StoriesCommand
{
    public const string Name = "stories";

    private const int Longest = 400;

    // A sentence's end may stand inside quotes.
    private static readonly string[] Ends = [". ", "! ", "? ", ".\" ", "!\" ", "?\" ", ".\n", "!\n", "?\n", ".\"\n", "!\"\n", "?\"\n"];

    public static int Run(ReadOnlySpan<string> arguments)
    {
        RunOptions options = new(arguments, "--text", "-n", "--longest", "--out");
        if (options.Text("--text") is not { } text || options.Text("--out") is not { } output) throw Failure.Usage("stories needs --text FILE.txt and --out FILE.jsonl.");
        if (!File.Exists(text)) throw new Failure($"--text: there is no file '{text}'.");
        int longest = options.Number("--longest", Longest);
        // What is told twice over leaves something to tell.
        string[] openings = [.. Stories(File.ReadLines(text)).Where(s => s.Length >= 2 * longest).Select(s => Opening(s, longest)).Where(o => o.Length > 0)];
        int count = Math.Min(options.Number("-n", 12), openings.Length);
        File.WriteAllLines(output, Enumerable.Range(0, count).Select(i => new JsonObject { ["prompt"] = openings[(long)i * openings.Length / count] }.ToJsonString()));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} of {openings.Length} openings of stories"));
        return 0;
    }

    private static IEnumerable<string> Stories(IEnumerable<string> lines)
    {
        var story = new List<string>();
        bool between = true;
        foreach (string line in lines)
        {
            if (line.Length > 0 && !between && story.Count > 0)
            {
                yield return string.Join("\n\n", story);
                story.Clear();
            }
            if (line.Length > 0) story.Add(line);
            between = line.Length == 0;
        }
        if (story.Count > 0) yield return string.Join("\n\n", story);
    }

    // As many whole sentences as fit.
    private static string Opening(string story, int longest)
    {
        string part = story[..Math.Min(longest, story.Length)];
        return part[..Ends.Max(end => part.LastIndexOf(end, StringComparison.Ordinal) is >= 0 and var at ? at + end.Length : 0)].TrimEnd();
    }
}
