using System.ComponentModel;
using System.Diagnostics;
using Percheron.Codecs.Speech;

namespace Percheron.Training.Speech;

/// <summary>The speech synthesizer espeak-ng, where the system has it: one more voice that says any text.</summary>
/// <param name="program">How it is called.</param>
public sealed class Espeak(string program = "espeak-ng")
{
    /// <summary>What its voice is called.</summary>
    public const string Voice = "espeak";

    private const string WordsPerMinute = "150";

    /// <summary>Whether the system has it.</summary>
    public bool IsThere => Run("--version") is not null;

    /// <summary>Says a text, at the loudness of the recordings.</summary>
    /// <exception cref="InvalidOperationException">It is not there, or could not say it.</exception>
    public Waveform Say(string text, int sampleRate)
    {
        string file = Path.GetTempFileName();
        try
        {
            if (Run("-v", "en", "-s", WordsPerMinute, "-w", file, text) is not { } said) throw new InvalidOperationException($"{program} is not installed; leave --sentences out");
            if (said.Length > 0) throw new InvalidOperationException($"{program} could not say '{text}': {said}");
            return new Waveform(Shaping.Level(Shaping.Trim(WavFile.Read(file).At(sampleRate).Samples, sampleRate)), sampleRate);
        }
        finally
        {
            File.Delete(file);
        }
    }

    // What went wrong, nothing where all is well, null where there is no such program.
    private string? Run(params ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        try
        {
            using Process? process = Process.Start(start);
            if (process is null) return null;
            process.OutputDataReceived += static (_, _) => { };
            process.BeginOutputReadLine();
            string said = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? "" : $"exit code {process.ExitCode} {said.ReplaceLineEndings(" ").Trim()}".Trim();
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
