namespace Percheron.Cli;

/// <summary>Ends a command with one line that says what is wrong and what to do.</summary>
internal sealed class Failure(string message, int exitCode = Failure.Failed) : Exception(message)
{
    /// <summary>The command could not do what it was asked.</summary>
    public const int Failed = 1;

    /// <summary>It was asked wrongly.</summary>
    public const int WrongUsage = 2;

    public int ExitCode { get; } = exitCode;

    /// <summary>Wrong usage.</summary>
    public static Failure Usage(string message) => new(message, WrongUsage);
}
