using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(Percheron.Benchmarks.Kernels.ProductBenchmarks).Assembly).Run(args, new Percheron.Benchmarks.QuickConfig());
return 0;
