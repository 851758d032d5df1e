using System.CommandLine;
using System.Globalization;
using Percheron.Cli.Generation;
using Percheron.Cli.Hosting;
using Percheron.Cli.Options;
using Percheron.Cli.Output;
using Percheron.Models;

namespace Percheron.Cli.Commands;

/// <summary><c>percheron score</c>: how probable the model finds a text.</summary>
internal static class ScoreCommand
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("score", "Log-probability (natural logarithm) of every token of a text, and perplexity.");
        Option<string?> textFile = new("--text-file") { Description = "A UTF-8 text file; the model's own first token is added.", HelpName = "F" };
        Option<string?> tokens = new("--tokens") { Description = "Ids instead of a text; nothing is added.", HelpName = "1,2,3" };
        ModelFlags models = new(drafts: false);
        JsonFlag json = new();
        command.Add(textFile);
        command.Add(tokens);
        models.AddTo(command);
        json.AddTo(command);
        Help.Attach(command, terminal, "percheron score --tokens 1,2,3");
        command.SetAction(parsed =>
        {
            (string? file, string? list) = (parsed.GetValue(textFile), parsed.GetValue(tokens));
            if (file is null == list is null) throw Failure.Usage("give either --text-file or --tokens. See 'percheron score --help'.");
            int[]? ids = list is null ? null : TokenList.Parse(list, "--tokens");
            string? text = file is null ? null : TextFile.Read(file, "--text-file");
            using ModelHost host = new(models.Read(parsed), terminal);
            ids = ids is null ? host.RequireTokenizer().Encode(text!, addSpecial: true, parseSpecial: false) : TokenList.Within(ids, host.Target.Vocab);
            ScoreReport report = Score(ids, host.Target, terminal.Stop);
            if (json.Read(parsed)) Json.Write(terminal, report);
            else Write(report, host, terminal);
            return 0;
        });
        return command;
    }

    private static ScoreReport Score(int[] ids, Transformer model, CancellationToken stop)
    {
        if (ids.Length < 2) throw new Failure($"there is nothing to score in {ids.Length} token{(ids.Length == 1 ? "" : "s")}; give at least two.");
        if (ids.Length > model.ContextLength) throw new Failure($"the text has {ids.Length} tokens, but the context holds {model.ContextLength}; score a shorter text.");
        double?[] logs = TextScore.Of(ids, model, stop);
        return new ScoreReport(ids, logs, Math.Exp(-logs.Sum()!.Value / (ids.Length - 1)));
    }

    private static void Write(ScoreReport report, ModelHost host, Terminal terminal)
    {
        for (int i = 0; i < report.Tokens.Length; i++)
        {
            string log = report.LogProbabilities[i]?.ToString("0.000000", CultureInfo.InvariantCulture) ?? "";
            terminal.Output.WriteLine($"{report.Tokens[i],8}  {log,12}  {PieceText.Of(host.Tokenizer, report.Tokens[i])}");
        }
        terminal.Output.WriteLine($"perplexity {report.Perplexity.ToString("0.0000", CultureInfo.InvariantCulture)} over {report.Tokens.Length - 1} tokens");
    }
}
