using System.CommandLine;
using Percheron.Training.Runs;

namespace Percheron.Training.Commands;

/// <summary><c>percheron-train check-resume</c>: kills a small run at random moments and shows that its result does not know.</summary>
public static class CheckResumeCommand
{
    private const int StepsPerKill = 30;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("check-resume", "Kill a small training run at random moments, resume it each time, and compare the result with an uninterrupted run, bit by bit.");
        Option<int> kills = new("--kills") { Description = "How often it is killed.", DefaultValueFactory = _ => 10 };
        Option<ulong?> seed = new("--seed") { Description = "Seed of the moments and of the run (default: another each time; it is printed)." };
        command.Options.Add(kills);
        command.Options.Add(seed);
        command.SetAction(parsed => Check(Math.Max(1, parsed.GetValue(kills)), parsed.GetValue(seed) ?? (ulong)Environment.TickCount64));
        return command;
    }

    private static int Check(int kills, ulong seed)
    {
        string folder = Directory.CreateTempSubdirectory("percheron-resume").FullName;
        try
        {
            Console.WriteLine($"check-resume: {kills} kills, --seed {seed}");
            bool same = new KilledRun([Environment.ProcessPath!], folder, kills * StepsPerKill, seed).Survives(kills, Console.WriteLine);
            Console.WriteLine(same ? $"check-resume: bit-identical after {kills} kills" : "check-resume: DIFFERENT: resuming does not give the bits of a run that was left alone");
            return same ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
