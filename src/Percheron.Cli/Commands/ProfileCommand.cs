using System.CommandLine;
using Percheron.Cli.Hosting;
using Percheron.Cli.Options;
using Percheron.Cli.Output;
using Percheron.Kernels;
using Percheron.Planning;

namespace Percheron.Cli.Commands;

/// <summary><c>percheron profile</c>: what n rows cost on this machine.</summary>
internal static class ProfileCommand
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("profile", "Measures what a forward of 1 to 64 rows takes here, beside what the memory gives, and keeps it for the planner.");
        Option<int> filled = new("--filled") { Description = "Tokens in the cache meanwhile.", HelpName = "N", DefaultValueFactory = _ => 128 };
        Option<double> seconds = new("--seconds") { Description = "How long to measure; three rounds are always run.", HelpName = "S", DefaultValueFactory = _ => 10 };
        ModelFlags models = new(drafts: false);
        JsonFlag json = new();
        models.AddTo(command);
        command.Add(filled);
        command.Add(seconds);
        json.AddTo(command);
        Help.Attach(command, terminal, "percheron profile -m model.gguf --threads 2");
        command.SetAction(parsed =>
        {
            (int context, double patience) = (parsed.GetValue(filled), parsed.GetValue(seconds));
            if (context < 0) throw Failure.Usage($"--filled must not be negative, and is {context}.");
            if (!(patience is >= 0 and <= 3600)) throw Failure.Usage("--seconds must be 0 to 3600.");
            using ModelHost host = new(models.Read(parsed), terminal);
            ProfileMeasurement measurement = new(host.Target, TimeProvider.System, context) { Patience = TimeSpan.FromSeconds(patience) };
            MachineProfile profile = measurement.Measure(Percentage.On(terminal), terminal.Stop);
            string? saved = host.KeepProfile(profile);
            ProfileReport report = ProfileReport.Of(host.TargetPath, InstructionSet.Description, profile, saved);
            if (json.Read(parsed)) Json.Write(terminal, report);
            else ProfileTable.Write(report, terminal);
            return 0;
        });
        return command;
    }
}
