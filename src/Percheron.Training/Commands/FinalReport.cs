using System.Globalization;
using Percheron.Training.Evaluation;
using Percheron.Training.Export;

namespace Percheron.Training.Commands;

/// <summary>The end of a draft's run: its held-out acceptance, shown and written into its card.</summary>
public static class FinalReport
{
    /// <summary>Held-out prompts that are measured.</summary>
    public const int Prompts = 96;

    /// <summary>Most tokens of an answer.</summary>
    public const int Tokens = 160;

    /// <summary>Shows and writes.</summary>
    /// <param name="run">Name of the run.</param>
    /// <param name="file">The exported model.</param>
    /// <param name="card">Its card but for acceptance.</param>
    /// <param name="acceptance">What was measured.</param>
    public static void Write(string run, string file, ModelCard card, IReadOnlyList<AcceptanceAt> acceptance)
    {
        (card with { Acceptance = acceptance, Measured = $"{Prompts} first lines of held-out entries, up to {Tokens} tokens each, no top-k or top-p" }).Write(file);
        foreach (AcceptanceAt at in acceptance)
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{run}: temperature {at.Temperature}: accepted length {at.AcceptedLength:f3}, by depth {string.Join(' ', at.ByDepth.Select(share => share.ToString("f2", CultureInfo.InvariantCulture)))}"));
    }
}
