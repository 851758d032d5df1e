using System.CommandLine;
using Percheron.Cli.Hosting;
using Percheron.Codecs;

namespace Percheron.Cli.Options;

/// <summary>Where the prompt comes from: exactly one of four ways.</summary>
internal sealed class PromptFlags
{
    private readonly Argument<string?> _argument = new("PROMPT") { Description = "The text to continue.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _prompt = new("--prompt", "-p") { Description = "The text to continue, as an option.", HelpName = "TEXT" };
    private readonly Option<string?> _file = new("--prompt-file", "-f") { Description = "A UTF-8 file that holds the text to continue; one newline at its end is dropped.", HelpName = "F" };
    private readonly Option<string?> _tokens = new("--prompt-tokens") { Description = "The prompt as ids; nothing is added.", HelpName = "1,2,3" };

    public void AddTo(Command command)
    {
        command.Add(_argument);
        command.Add(_prompt);
        command.Add(_file);
        command.Add(_tokens);
    }

    /// <summary>Says at once, before any model is loaded, whether there is one prompt.</summary>
    public void Check(ParseResult parsed)
    {
        int given = new[] { parsed.GetValue(_argument), parsed.GetValue(_prompt), parsed.GetValue(_file), parsed.GetValue(_tokens) }.Count(x => x is not null);
        if (given == 0) throw Failure.Usage("there is no prompt; give one in quotes, or with --prompt-file or --prompt-tokens. See 'percheron generate --help'.");
        if (given > 1) throw Failure.Usage("give one prompt, not several: PROMPT, --prompt, --prompt-file and --prompt-tokens exclude each other.");
    }

    /// <summary>The prompt's ids, at least one.</summary>
    public int[] Read(ParseResult parsed, ModelHost host)
    {
        if (parsed.GetValue(_tokens) is { } list) return TokenList.Within(TokenList.Parse(list, "--prompt-tokens"), host.Target.Vocab);
        string text = parsed.GetValue(_argument) ?? parsed.GetValue(_prompt) ?? ReadFile(parsed.GetValue(_file)!);
        return Encode(text, host.RequireTokenizer());
    }

    /// <summary>The ids of a text that is to be continued: it may begin with a special token, but does not end with one.</summary>
    public static int[] Encode(string text, Tokenizer tokenizer)
    {
        List<int> ids = [];
        tokenizer.Encode(text, addSpecial: true, parseSpecial: true, ids);
        if (tokenizer.AddEos && ids.Count > 0 && ids[^1] == tokenizer.Eos) ids.RemoveAt(ids.Count - 1);
        if (ids.Count == 0 && tokenizer.Bos is { } bos) ids.Add(bos);
        return ids.Count > 0 ? [.. ids] : throw new Failure("the prompt is empty, and this model has no token that begins a text; give some text.");
    }

    private static string ReadFile(string path)
    {
        string text = TextFile.Read(path, "--prompt-file");
        return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
    }
}
