using System.CommandLine;
using Percheron.Cli.Hosting;
using Percheron.Cli.Options;
using Percheron.Cli.Output;
using Percheron.Codecs;

namespace Percheron.Cli.Commands;

/// <summary><c>percheron tokenize</c>: ids and pieces of a text.</summary>
internal static class TokenizeCommand
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("tokenize", "Ids and pieces of a text.");
        Argument<string?> text = new("TEXT") { Description = "The text. [default: standard input]", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> textFile = new("--text-file", "-f") { Description = "A UTF-8 text file instead.", HelpName = "F" };
        Option<string?> model = new("--model", "-m") { Description = "A GGUF file, weights not needed, or a Hugging Face tokenizer.json. [default: the embedded model]", HelpName = "PATH" };
        Option<bool> noBos = new("--no-bos") { Description = "Add no token that begins or ends a text." };
        Option<bool> noSpecial = new("--no-parse-special") { Description = "Special tokens spelled out in the text are ordinary text." };
        JsonFlag json = new();
        command.Add(text);
        foreach (Option option in new Option[] { textFile, model, noBos, noSpecial }) command.Add(option);
        json.AddTo(command);
        Help.Attach(command, terminal, "percheron tokenize \"public static string ReadAllText(string path)\"");
        command.SetAction(parsed =>
        {
            string input = Text(parsed.GetValue(text), parsed.GetValue(textFile), terminal);
            Tokenizer tokenizer = ModelFile.ReadTokenizer(parsed.GetValue(model) ?? new EmbeddedModels(terminal.ModelsFolder).RequireTarget());
            int[] ids = tokenizer.Encode(input, addSpecial: !parsed.GetValue(noBos), parseSpecial: !parsed.GetValue(noSpecial));
            if (json.Read(parsed)) Json.Write(terminal, new TokenizeReport(ids, [.. ids.Select(tokenizer.PieceText)]));
            else foreach (int id in ids) terminal.Output.WriteLine($"{id,8}  {PieceText.Of(tokenizer, id)}");
            return 0;
        });
        return command;
    }

    private static string Text(string? text, string? file, Terminal terminal)
    {
        if (text is not null && file is not null) throw Failure.Usage("give either TEXT or --text-file, not both.");
        if (text is not null) return text;
        if (file is not null) return TextFile.Read(file, "--text-file");
        if (terminal.Input is null) throw Failure.Usage("there is no text; give one in quotes, with --text-file, or on standard input. See 'percheron tokenize --help'.");
        using TextReader reader = terminal.Input();
        return reader.ReadToEnd();
    }
}
