using System.CommandLine;
using System.Runtime.InteropServices;
using Percheron.Training.Commands;

var root = new RootCommand("percheron-train: trains the models of this repository.");
foreach (Command command in (Command[])[TokenizerCommand.Create(), TargetCommand.Create(), DistilCommand.Create(), TextDataCommand.Create(), ModelCommand.Create(), TranslationDataCommand.Create(), PictureCodecCommand.Create(), PicturesCommand.Create(), PictureScoreCommand.CreateFeatures(), PictureScoreCommand.CreateText(), SpeechCodecCommand.Create(), SpeechDataCommand.Create(), RecogniserCommand.Create(), FeaturesCommand.Create(), HeadCommand.Create(), OnlineCommand.Create(), EvaluateCommand.Create(), CheckResumeCommand.Create(), RehearseCommand.Create()])
    root.Subcommands.Add(command);

// The command line's own handling of Ctrl-C allows two seconds; a step and its checkpoint may take longer.
using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop), terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0 && args.Length > 0)
{
    Console.Error.WriteLine($"percheron-train: {parsed.Errors[0].Message.ReplaceLineEndings("").Replace("\t", " ", StringComparison.Ordinal)} (see percheron-train --help)");
    return 2;
}
try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false }, stop.Token);
}
catch (Exception error) when (error is IOException or InvalidOperationException or InvalidDataException or ArgumentException or DllNotFoundException)
{
    Console.Error.WriteLine($"percheron-train: {error.Message}");
    return 1;
}
