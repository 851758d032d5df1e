using Percheron.Codecs.Images;
using Percheron.Evaluation.Pictures;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Pictures;
using Percheron.Training.Runs;
using Percheron.Training.Tests.Support;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Pictures;

public class PictureCodecTests
{
    private static readonly PictureCodecShape Shape = new(Count: 32, Width: 16, Vector: 4);

    [TorchFact]
    public void A_run_lowers_the_loss_and_its_file_is_a_codec()
    {
        using var folder = new Folder();
        using StackNet net = Net();
        using TrainingRun<StackNet> run = Run(net, folder.Path, steps: 24);
        double first = double.NaN, last = double.NaN;
        Assert.True(run.Run(report => last = report.HeldOut, CancellationToken.None));
        using (StackNet fresh = Net()) first = Loss(fresh);
        Assert.True(last < 0.95 * first, $"{first} to {last}");

        string path = folder.File("codec.gguf");
        PictureCodecFile.Write(path, net, "Test", "mit");
        VqCodec codec = VqCodec.Open(path);
        Assert.Equal((16, 16, 32, 64, 64), (codec.Width, codec.Height, codec.Count, codec.PictureWidth, codec.PictureHeight));
        PictureQuality quality = PictureQuality.Of(codec, new ScenePictures(1), 4);
        Assert.InRange(quality.Decibels, 5, 60);
        Assert.InRange(quality.Codes, 2, 32);
    }

    [TorchFact]
    public void A_stopped_and_resumed_run_gives_the_bits_of_one_that_ran_through()
    {
        using Folder whole = new(), parts = new();
        float[] straight = Train(whole.Path, stopAfter: int.MaxValue);
        Train(parts.Path, stopAfter: 3);
        Assert.Equal(straight.Select(BitConverter.SingleToInt32Bits), Train(parts.Path, stopAfter: int.MaxValue).Select(BitConverter.SingleToInt32Bits));
    }

    private static StackNet Net() => new([Shape.Encoder, Shape.Decoder], [(VqCodec.Codebook, Shape.Count, Shape.Vector)], seed: 3);

    private static TrainingRun<StackNet> Run(StackNet net, string folder, int steps, IObjective<StackNet>? objective = null) => new(
        net, objective ?? new PictureCodes(), new PictureRows(new ScenePictures(1), 256, 4), new RunOptions { Steps = steps, Threads = 2, RowsPerStep = 4, RowsPerPass = 2, EvaluateEvery = 6 }, new RunFolder(folder), 3);

    private static double Loss(StackNet net)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        return Enumerable.Range(0, 4).Average(row => new PictureCodes().Loss(net, new PictureRows(new ScenePictures(1), 256, 4).HeldOut(row)).item<float>());
    }

    private static float[] Train(string folder, int stopAfter)
    {
        using StackNet net = Net();
        using var stop = new CancellationTokenSource();
        using TrainingRun<StackNet> run = Run(net, folder, 6, new StopAfter(stop, stopAfter));
        run.TryResume();
        run.Run(_ => { }, stop.Token);
        return [.. net.Tensors.Values.SelectMany(tensor => tensor.data<float>().ToArray())];
    }

    /// <summary>Cancels the run during a pass, so that it ends with that pass's step.</summary>
    private sealed class StopAfter(CancellationTokenSource stop, int passes) : IObjective<StackNet>
    {
        private readonly PictureCodes _inner = new();
        private int _done;

        public Tensor Loss(StackNet net, Batch batch)
        {
            if (Interlocked.Increment(ref _done) == passes) stop.Cancel();
            return _inner.Loss(net, batch);
        }
    }
}
