using System.CommandLine;
using System.Globalization;
using Percheron.Cli.Hosting;
using Percheron.Cli.Options;
using Percheron.Cli.Output;
using Percheron.Drafters;

namespace Percheron.Cli.Commands;

/// <summary><c>percheron layers</c>: which parts of its layers a model can leave out when it drafts for itself.</summary>
internal static class LayersCommand
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("layers", "Searches the attentions and feed-forward layers that a model drafts well without, and prints the drafter that leaves them out.");
        Option<string> text = new("--text-file") { Description = "A UTF-8 text of the kind the model will write.", HelpName = "F", Required = true };
        Option<double> share = new("--share") { Description = "Share of them that is left out between the first and the last layer, which stay.", HelpName = "S", DefaultValueFactory = _ => 0.45 };
        Option<int> trials = new("--trials") { Description = "Sets to try.", HelpName = "N", DefaultValueFactory = _ => 200 };
        ModelFlags models = new(drafts: false);
        JsonFlag json = new();
        foreach (Option option in new Option[] { text, share, trials }) command.Add(option);
        models.AddTo(command);
        json.AddTo(command);
        Help.Attach(command, terminal, "percheron layers -m model.gguf --text-file sample.txt");
        command.SetAction(parsed =>
        {
            if (!(parsed.GetValue(share) is > 0 and < 1)) throw Failure.Usage("--share is between 0 and 1.");
            if (parsed.GetValue(trials) < 1) throw Failure.Usage("--trials is at least 1.");
            using ModelHost host = new(models.Read(parsed), terminal);
            int[] tokens = host.RequireTokenizer().Encode(TextFile.Read(parsed.GetValue(text)!, "--text-file"), addSpecial: true, parseSpecial: false);
            if (host.Target.LayerCount < 3) throw new Failure($"'{host.TargetPath}' has {host.Target.LayerCount} layers; the first and the last stay, so there is nothing to leave out.");
            if (tokens.Length < 16) throw new Failure($"--text-file has {tokens.Length} tokens; give a few hundred.");
            LayerChoice choice = LayerChoice.Find(host.Target, tokens.AsSpan(0, Math.Min(tokens.Length, host.Target.ContextLength)), parsed.GetValue(share), parsed.GetValue(trials), terminal.Stop);
            LayersReport report = new($"draft-and-verify(skip={choice.Skip})", choice.Agreement, choice.Even, choice.Tried);
            if (json.Read(parsed)) Json.Write(terminal, report);
            else terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Drafter}\nsays {report.Agreement:P1} of the text, {report.Even:P1} with as many left out evenly; {report.Tried} sets tried"));
            return 0;
        });
        return command;
    }
}
