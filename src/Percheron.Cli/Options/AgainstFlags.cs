using System.CommandLine;
using System.Text.RegularExpressions;
using Percheron.Cli.Bench;

namespace Percheron.Cli.Options;

/// <summary>Which other program a bench is paired with.</summary>
internal sealed class AgainstFlags
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Option<string?> _command = new("--against")
    {
        Description = "Pair runs A B A B with another program, given as a command line for the shell; {prompt_file}, {n}, {temperature}, {seed} in it stand for those of the run. Both run as whole processes.",
        HelpName = "CMD",
    };

    private readonly Option<string?> _pattern = new("--against-pattern")
    {
        Description = "With --against: a regular expression whose first group is the other program's tokens per second; ours is then decode_tokens_per_second. [default: wall-clock time of both processes]",
        HelpName = "REGEX",
    };

    public void AddTo(Command command)
    {
        command.Add(_command);
        command.Add(_pattern);
    }

    /// <summary>The other program; null if there is none.</summary>
    public OtherProgram? Read(ParseResult parsed)
    {
        (string? command, string? pattern) = (parsed.GetValue(_command), parsed.GetValue(_pattern));
        if (command is null) return pattern is null ? null : throw Failure.Usage("--against-pattern needs --against.");
        if (string.IsNullOrWhiteSpace(command)) throw Failure.Usage("--against takes a command line, such as \"llama-cli -m model.gguf -f {prompt_file} -n {n}\".");
        return new OtherProgram(command, pattern is null ? null : Expression(pattern));
    }

    private static Regex Expression(string pattern)
    {
        try
        {
            Regex expression = new(pattern, RegexOptions.Multiline | RegexOptions.CultureInvariant, Patience);
            return expression.GetGroupNumbers().Length > 1 ? expression : throw Failure.Usage("--against-pattern needs a group in parentheses around the number, as in \"([0-9.]+) tokens per second\".");
        }
        catch (ArgumentException wrong)
        {
            throw Failure.Usage($"--against-pattern is not a regular expression: {wrong.Message}");
        }
    }
}
