using BenchmarkDotNet.Running;
using Percheron.Benchmarks.RandomModels;

if (args is [RandomModelCommand.Name, ..]) return RandomModelCommand.Run(args.AsSpan(1));
BenchmarkSwitcher.FromAssembly(typeof(Percheron.Benchmarks.Kernels.ProductBenchmarks).Assembly).Run(args, new Percheron.Benchmarks.QuickConfig());
return 0;
