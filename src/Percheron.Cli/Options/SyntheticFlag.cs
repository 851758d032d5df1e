using System.CommandLine;
using System.Globalization;
using Percheron.Cli.Generation;
using Percheron.Decoding;

namespace Percheron.Cli.Options;

/// <summary><c>--synthetic-length</c>: acceptance that is prescribed, to measure the system and not the draft.</summary>
internal sealed class SyntheticFlag
{
    private readonly Option<double?> _length = new("--synthetic-length")
    {
        Description = "Force the acceptance: L tokens a step on average whatever the draft says; all work is done, the text means nothing. Best with --budget N.",
        HelpName = "L",
    };

    public void AddTo(Command command) => command.Add(_length);

    /// <summary>The prescribed accepted length; null leaves acceptance to the verifier.</summary>
    public double? Read(ParseResult parsed)
    {
        double? length = parsed.GetValue(_length);
        return length is null or (>= 1 and <= 1000) ? length : throw Failure.Usage("--synthetic-length is a number of tokens a step, 1 to 1000.");
    }

    /// <summary>What is wrong if the drafter offered too few candidates for the prescribed length, else null.</summary>
    public static string? Shortfall(GenerationResult result, double length)
    {
        DecodingStatistics s = result.Statistics;
        // The last step is cut by the limit, and a fraction of a token may still be owed.
        if (s.Steps == 0 || s.Committed >= (length * s.Steps) - length - 1) return null;
        string per = ((double)s.Offered / s.Steps).ToString("0.##", CultureInfo.InvariantCulture);
        return $"--synthetic-length {Text(length)} accepts {Text(length - 1)} candidates a step, but {result.Drafter} offered {per} (accepted length {Text(s.AcceptedLength)});"
            + " let it draft deeper, as in --drafter \"model(depth=8, confidence=0)\", raise --budget, or ask for less.";
    }

    private static string Text(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
