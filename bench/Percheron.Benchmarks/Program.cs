using BenchmarkDotNet.Running;
using Percheron.Benchmarks;
using Percheron.Benchmarks.Kernels;
using Percheron.Benchmarks.RandomModels;
using Percheron.Benchmarks.Runs;
using Percheron.Cli;

try
{
    switch (args)
    {
        case [RandomModelCommand.Name, ..]: return RandomModelCommand.Run(args.AsSpan(1));
        case [HostileCommand.Name, ..]: return HostileCommand.Run(args.AsSpan(1));
        case [BatchCommand.Name, ..]: return BatchCommand.Run(args.AsSpan(1));
        case [FieldCommand.Name, ..]: return FieldCommand.Run(args.AsSpan(1));
        case [FieldTableCommand.Name, ..]: return FieldTableCommand.Run(args.AsSpan(1));
        case [HeldOutCommand.Name, ..]: return HeldOutCommand.Run(args.AsSpan(1));
        case [StoriesCommand.Name, ..]: return StoriesCommand.Run(args.AsSpan(1));
        case [CorpusCommand.Name, ..]: return CorpusCommand.Run(args.AsSpan(1));
        case [CopyingCommand.Name, ..]: return CopyingCommand.Run(args.AsSpan(1));
    }
}
catch (Failure failure)
{
    Console.Error.WriteLine(failure.Message);
    return failure.ExitCode;
}
BenchmarkSwitcher.FromAssembly(typeof(ProductBenchmarks).Assembly).Run(args, new QuickConfig());
return 0;
