using System.CommandLine;
using System.CommandLine.Parsing;

namespace Percheron.Cli.Options;

/// <summary>What is wrong with a command line, in the words of somebody who types it.</summary>
internal static class Misuse
{
    /// <summary>The first mistake; null if there is none.</summary>
    public static string? Of(ParseResult parsed) =>
        UnknownOption(parsed) is { } option ? $"there is no option '{option}'.{(parsed.CommandResult.Command.Arguments.Count > 0 ? " (Text that begins with a dash goes after --.)" : "")}"
        : parsed.Errors.Count > 0 ? Explain(parsed.Errors[0])
        : null;

    // A misspelt option would be taken for the prompt, and its value for a stray argument. A dash before a digit or a space begins a text.
    private static string? UnknownOption(ParseResult parsed) =>
        parsed.Tokens.Any(t => t.Type == TokenType.DoubleDash)
            ? null
            : parsed.CommandResult.Tokens.Select(t => t.Value).Concat(parsed.UnmatchedTokens).FirstOrDefault(t => t.Length > 1 && t[0] == '-' && (t[1] == '-' || char.IsAsciiLetter(t[1])) && !t.Any(char.IsWhiteSpace));

    // The parser names .NET types where a number is meant.
    private static string Explain(ParseError error) =>
        error.SymbolResult is OptionResult { Tokens: [Token only] } result && Number(result.Option.ValueType) is { } number
            ? $"{result.Option.Name} takes {number}, not '{only.Value}'."
            : error.Message;

    private static string? Number(Type type) => Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) switch
    {
        TypeCode.Int32 => $"a whole number up to {int.MaxValue}",
        TypeCode.UInt64 => $"a whole number from 0 to {ulong.MaxValue}",
        TypeCode.Single or TypeCode.Double => "a number",
        _ => null,
    };
}
