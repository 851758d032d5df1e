using Percheron.Training.Corpus;
using Percheron.Training.Nets;
using Percheron.Training.Runs;
using Percheron.Training.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Runs;

public class TrainingRunTests
{
    private static readonly EncodedCorpus Corpus = new(Small.Documents, Small.Vocabulary());

    [TorchTheory]
    [InlineData(ScalarType.BFloat16, 2)]
    [InlineData(ScalarType.Float32, 1)]
    public void A_stopped_and_resumed_run_gives_the_bits_of_one_that_ran_through(ScalarType compute, int workers)
    {
        RunOptions options = Options(workers);
        float[][] straight = InFolder(folder => Train(folder, options, compute, stopAfter: null));
        float[][] inParts = InFolder(folder =>
        {
            Train(folder, options, compute, stopAfter: 5);
            return Train(folder, options, compute, stopAfter: null);
        });
        Assert.Equal(straight.Length, inParts.Length);
        for (int i = 0; i < straight.Length; i++)
            Assert.Equal(straight[i].Select(BitConverter.SingleToInt32Bits), inParts[i].Select(BitConverter.SingleToInt32Bits));
    }

    [TorchFact]
    public void Loss_falls_and_the_best_parameters_are_kept()
    {
        InFolder(folder =>
        {
            using var net = new LlamaNet(Small.Shape, 1, ScalarType.Float32);
            using TrainingRun<LlamaNet> run = Create(net, Options(1) with { Steps = 30 }, folder);
            var losses = new List<double>();
            Assert.True(run.Run(report => losses.Add(report.HeldOut), CancellationToken.None));
            Assert.InRange(run.State.BestLoss, 0, 4.5);
            Assert.Equal(run.State.BestLoss, losses[^1]);
            using var second = new LlamaNet(Small.Shape, 2, ScalarType.Float32);
            new RunFolder(folder).LoadBest(second);
            Assert.Equal(net.Tensors["output_norm.weight"].data<float>().ToArray(), second.Tensors["output_norm.weight"].data<float>().ToArray());
            return 0;
        });
    }

    [TorchFact]
    public void A_criterion_decides_which_parameters_are_best()
    {
        InFolder(folder =>
        {
            using var net = new LlamaNet(Small.Shape, 1, ScalarType.Float32);
            RunOptions options = Options(1) with { Steps = 6, EvaluateEvery = 1 };
            float[]? third = null;
            int measured = 0;
            using var run = new TrainingRun<LlamaNet>(net, new NextToken(), Rows(), options, new RunFolder(folder), 7)
            {
                // The loss falls all the time; the third measurement is said to be the best.
                Criterion = current =>
                {
                    if (++measured == 3) third = current.Tensors["output_norm.weight"].data<float>().ToArray();
                    return measured == 3 ? 9 : measured;
                },
            };
            Assert.True(run.Run(_ => { }, CancellationToken.None));
            Assert.Equal((3L, 9.0, 3), (run.State.BestStep, run.State.BestScore, run.State.Stale));
            run.RestoreBest();
            Assert.Equal(third, net.Tensors["output_norm.weight"].data<float>().ToArray());
            return 0;
        });
    }

    [TorchFact]
    public void Stops_early_without_improvement()
    {
        InFolder(folder =>
        {
            using var net = new LlamaNet(Small.Shape, 1, ScalarType.Float32);
            using TrainingRun<LlamaNet> run = Create(net, Options(1) with { Steps = 50, EvaluateEvery = 1, Patience = 2, MatrixRate = 0, VectorRate = 0 }, folder);
            Assert.True(run.Run(_ => { }, CancellationToken.None));
            Assert.Equal(3, run.State.Step);
            return 0;
        });
    }

    [TorchFact]
    public void A_checkpoint_of_another_network_is_refused()
    {
        InFolder(folder =>
        {
            Train(folder, Options(1) with { Steps = 1 }, ScalarType.Float32, stopAfter: null);
            using var net = new LlamaNet(Small.Shape with { FeedForward = 64 }, 1, ScalarType.Float32);
            using TrainingRun<LlamaNet> run = Create(net, Options(1), folder);
            Assert.Contains("another network", Assert.Throws<InvalidDataException>(() => run.TryResume()).Message, StringComparison.Ordinal);
            return 0;
        });
    }

    private static RunOptions Options(int workers) => new() { Steps = 10, Threads = workers, RowsPerStep = 4, RowsPerPass = 1, EvaluateEvery = 4 };

    private static TrainingRun<LlamaNet> Create(LlamaNet net, RunOptions options, string folder, IObjective<LlamaNet>? objective = null)
    {
        return new TrainingRun<LlamaNet>(net, objective ?? new NextToken(), Rows(), options, new RunFolder(folder), 7);
    }

    private static DocumentRows Rows()
    {
        var rows = new RowStream(Corpus.Train, Small.Shape.Context, 7);
        return new DocumentRows(rows, [rows.Row(0).ToArray(), rows.Row(1).ToArray()]);
    }

    private static float[][] Train(string folder, RunOptions options, ScalarType compute, int? stopAfter)
    {
        using var net = new LlamaNet(Small.Shape, 7, compute);
        using var stop = new CancellationTokenSource();
        int passes = options.RowsPerStep / options.RowsPerPass;
        using TrainingRun<LlamaNet> run = Create(net, options, folder, new StopAfter(stop, (stopAfter ?? int.MaxValue / passes) * passes));
        run.TryResume();
        bool done = run.Run(_ => { }, stop.Token);
        Assert.Equal(stopAfter is null, done);
        return [.. net.Tensors.Values.Select(tensor => tensor.data<float>().ToArray())];
    }

    private static T InFolder<T>(Func<string, T> body)
    {
        string folder = Directory.CreateTempSubdirectory("percheron").FullName;
        try
        {
            return body(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Cancels the run during a pass, so that it ends with that pass's step.</summary>
    private sealed class StopAfter(CancellationTokenSource stop, int passes) : IObjective<LlamaNet>
    {
        private readonly NextToken _inner = new();
        private int _passes;

        public Tensor Loss(LlamaNet net, Batch batch)
        {
            if (batch.Key is not null && Interlocked.Increment(ref _passes) == passes) stop.Cancel();
            return _inner.Loss(net, batch);
        }
    }
}
