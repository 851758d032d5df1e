using System.CommandLine;
using Percheron.Training.Runs;

namespace Percheron.Training.Commands;

/// <summary>The options that every training command has.</summary>
public sealed class RunArguments
{
    private readonly Option<DirectoryInfo> _out = new("--out") { Description = "Folder for everything that is made.", DefaultValueFactory = _ => new DirectoryInfo("out/training") };
    private readonly Option<bool> _resume = new("--resume") { Description = "Continue from the last checkpoint instead of starting again." };
    private readonly Option<ulong> _seed = new("--seed") { Description = "Seed of parameters and data order.", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _threads = new("--threads") { Description = "Workers.", DefaultValueFactory = _ => Environment.ProcessorCount };
    private readonly Option<double> _minutes;
    private readonly Option<long> _steps = new("--steps") { Description = "Optimizer steps instead of a time: the same result on every machine of this kind." };
    private readonly Option<long> _fallStart = new("--fall-start") { Description = "With --steps: the step at which the rate begins to fall (default: 45 % of them)." };

    /// <summary>Adds the options to a command.</summary>
    public RunArguments(Command command, double minutes)
    {
        _minutes = new("--minutes") { Description = "Wall budget; the learning rate falls so that it ends at zero by then.", DefaultValueFactory = _ => minutes };
        foreach (Option option in (Option[])[_out, _resume, _seed, _threads, _minutes, _steps, _fallStart]) command.Options.Add(option);
    }

    /// <summary>The folder of this set of models, made if missing.</summary>
    public string Folder(ParseResult parsed) => Directory.CreateDirectory(parsed.GetRequiredValue(_out).FullName).FullName;

    /// <summary>The seed.</summary>
    public ulong Seed(ParseResult parsed) => parsed.GetValue(_seed);

    /// <summary>Whether to go on from a checkpoint.</summary>
    public bool Resume(ParseResult parsed) => parsed.GetValue(_resume);

    /// <summary>How long and with how many workers.</summary>
    public RunOptions Options(ParseResult parsed) => new()
    {
        Minutes = parsed.GetValue(_minutes),
        Steps = parsed.GetValue(_steps),
        FallStart = parsed.GetValue(_fallStart),
        Threads = Math.Max(1, parsed.GetValue(_threads)),
    };
}
