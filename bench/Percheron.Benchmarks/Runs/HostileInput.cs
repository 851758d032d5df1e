using System.Globalization;
using System.Text;
using Percheron.Decoding;

namespace Percheron.Benchmarks.Runs;

/// <summary>One kind of input on which speculation cannot win, or only now and then.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Prompts">Run one after the other, each by a planner that knows nothing of the others.</param>
/// <param name="Sampling">Hot, where the output is to be as hostile as the input.</param>
/// <param name="Tokens">Output of each; 0 leaves it to the benchmark.</param>
/// <param name="Drafter">Spec; null is the standard one.</param>
internal sealed record HostileInput(string Name, int[][] Prompts, SamplingSettings Sampling, int Tokens = 0, string? Drafter = null)
{
    private const string German = "Der Kutscher spannte am frühen Morgen die beiden schweren Pferde ein, denn der Weg über den Paß war lang, und im Tal lag noch der Nebel.";
    private const string Russian = "Ранним утром извозчик запряг двух тяжёлых лошадей, потому что дорога через перевал была длинной, а в долине ещё лежал туман.";

    // What one vocabulary spells in words takes another a token for each letter.
    private const int LongestText = 128;

    private static readonly SamplingSettings Warm = SamplingSettings.Plain, Hot = SamplingSettings.Plain with { Temperature = 2 };

    /// <summary>The ten kinds, the same ones every time.</summary>
    public static IReadOnlyList<HostileInput> All(Workbench bench)
    {
        Random random = new(1);
        int[] familiar = bench.Encode(Workbench.Familiar[0], random);
        int[] Encode(string text) => [.. bench.Encode(text, random).Take(LongestText)];
        int[] Noise(int count) => bench.RandomTokens(count, random);
        return
        [
            new("random tokens", [Noise(64)], Hot),
            new("random bytes as text", [Encode(string.Concat(RandomBytes(random, 96).Select(b => (char)b)))], Hot),
            new("one token repeated, then random ones", [[.. Enumerable.Repeat(familiar[^1], 48), .. Noise(16)]], Hot),
            new("another language", [Encode(German + " " + Russian)], Warm),
            new("JSON of random numbers", [Encode(RandomJson(random))], Warm),
            new("base64 of random bytes", [Encode(Convert.ToBase64String(RandomBytes(random, 120)))], Warm),
            new("a draft that is never right", [familiar], Warm, Drafter: bench.Host.DraftPath is null ? null : "useless"),
            new("friendly and hostile in turn", [[.. familiar, .. Noise(16), .. familiar, .. Noise(16)]], Hot with { Temperature = 1.3f }),
            new("a long random prompt", [Noise(Math.Min(1024, bench.Host.Target.ContextLength / 2))], Hot),
            new("very short outputs", [.. Workbench.Familiar.Select(Encode)], Warm, Tokens: 8),
        ];
    }

    private static byte[] RandomBytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string RandomJson(Random random)
    {
        StringBuilder text = new("[");
        for (int i = 0; i < 24; i++) text.Append(CultureInfo.InvariantCulture, $"{(i > 0 ? "," : "")}{{\"x\":{random.NextDouble():0.######},\"y\":{random.Next()}}}");
        return text.ToString();
    }
}
