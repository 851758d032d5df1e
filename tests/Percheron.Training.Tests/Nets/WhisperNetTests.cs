using Percheron.Codecs.Speech;
using Percheron.Evaluation.Speech;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Encoders;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Runs;
using Percheron.Training.Tests.Support;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Nets;

/// <summary>The trainer's recogniser and the runtime's are two programs for one function.</summary>
public class WhisperNetTests
{
    [TorchTheory]
    [InlineData(TensorType.F32, 2e-4)]
    [InlineData(TensorType.Q8_0, 0.05)]
    public void Logits_agree(TensorType matrices, double tolerance)
    {
        using var folder = new Folder();
        string path = folder.File("tones.gguf");
        using (var fresh = new WhisperNet(Tones.Shape, 6, ScalarType.Float32))
        {
            using IDisposable fixedValues = no_grad();
            using var generator = new Generator(3);
            foreach (Tensor tensor in fresh.Tensors.Values) tensor.mul_(tensor.dim() == 2 ? 4 : 1).add_(randn(tensor.shape, generator: generator).mul_(tensor.dim() == 2 ? 0.02 : 0.2));
            WhisperFile.Write(path, fresh, Tones.Vocabulary, Tones.Mel, matrices, ("Tones", "mit"));
        }
        // Recordings of different lengths: what is filled up must not be heard.
        float[][] sounds = [.. new[] { 2, 9 }.Select(i => new WhisperMel(Tones.Mel).Of(Tones.At(i).Sound))];
        int[] tokens = [0, .. Enumerable.Range(1, 12).Select(i => i * 7 % Tones.Shape.Vocab)];
        using WhisperNet net = WhisperFile.Read(path, ScalarType.Float32);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable still = no_grad();
        int bands = Tones.Shape.Bands, frames = sounds.Max(sound => sound.Length) / bands;
        Assert.NotEqual(sounds[0].Length, sounds[1].Length);
        Tensor values = tensor([.. sounds.SelectMany(sound => sound.Concat(Enumerable.Repeat(7f, (frames * bands) - sound.Length)))], 2, frames, bands), counts = tensor([.. sounds.Select(sound => (long)(sound.Length / bands))]);
        Tensor states = net.Encode(values, counts), rows = tensor([.. tokens.Concat(tokens).Select(id => (long)id)], 2, tokens.Length);
        float[][] trained = [.. net.Logits(net.Hidden(rows, states, net.Mask(counts, states.shape[1]))).data<float>().ToArray().Chunk(Tones.Shape.Vocab)];
        float scale = trained.Max(row => row.Max(Math.Abs));
        Assert.True(scale > 0.5);
        using WhisperModel model = WhisperModel.Open(path, new ModelOptions { Threads = 1, CacheType = CacheType.F32 });
        for (int item = 0; item < sounds.Length; item++)
        {
            using Transformer decoder = model.Listen(sounds[item]);
            using KvCache cache = decoder.NewCache();
            var asked = new Percheron.Models.Rows();
            asked.Reset(cache);
            for (int i = 0; i < tokens.Length; i++) asked.Add(tokens[i], i - 1, logits: true);
            decoder.Forward([asked]);
            for (int t = 0; t < tokens.Length; t++)
                for (int v = 0; v < Tones.Shape.Vocab; v++) Assert.Equal(trained[(item * tokens.Length) + t][v], asked.Logits(t)[v], tolerance * scale);
        }
    }

    [TorchFact]
    public void A_stopped_and_resumed_run_gives_the_bits_of_one_that_ran_through()
    {
        using Folder first = new(), second = new();
        float[][] straight = Train(first.Path, stopAfter: null);
        Train(second.Path, stopAfter: 3);
        float[][] inParts = Train(second.Path, stopAfter: null);
        Assert.Equal(straight.Length, inParts.Length);
        for (int i = 0; i < straight.Length; i++) Assert.Equal(straight[i].Select(BitConverter.SingleToInt32Bits), inParts[i].Select(BitConverter.SingleToInt32Bits));
    }

    [TorchFact]
    public void It_learns_a_language_of_tones_and_its_assistant_learns_it_from_the_same_states()
    {
        using var folder = new Folder();
        string path = folder.File("tones.gguf"), beside = folder.File("assistant.gguf");
        using var net = new WhisperNet(Tones.Shape, 1, ScalarType.Float32);
        Assert.InRange(Run(net, new Transcript(), 130, folder.Path), 0, 0.2);
        WhisperFile.Write(path, net, Tones.Vocabulary, Tones.Mel, TensorType.F16, ("Tones", "mit"));
        using (Recogniser recogniser = Recogniser.Open(path))
            for (int i = 100; i < 116; i++) Assert.Equal(Tones.At(-i).Text, recogniser.Transcribe(Tones.At(-i).Sound));

        using WhisperNet teacher = net.Frozen(), assistant = new(Tones.Shape with { EncoderLayers = 0, DecoderLayers = 1 }, 2, ScalarType.Float32);
        assistant.Inherit(teacher);
        Assert.Equal(net.Tensors["blk.0.cross_attn_v.weight"].data<float>().ToArray(), assistant.Tensors["blk.0.cross_attn_v.weight"].data<float>().ToArray());
        Assert.InRange(Run(assistant, new AssistantTranscript(teacher), 40, folder.Path), 0, 0.3);
        WhisperFile.Write(beside, assistant, Tones.Vocabulary, Tones.Mel, TensorType.F16, ("Tones, assistant", "mit"));
        using WhisperModel model = WhisperModel.Open(beside);
        Assert.False(model.HasEncoder);
        Assert.Contains("no encoder", Assert.Throws<ModelFormatException>(() => Recogniser.Open(beside)).Message, StringComparison.Ordinal);
    }

    private static double Run(WhisperNet net, IObjective<WhisperNet> objective, int steps, string folder)
    {
        using var run = new TrainingRun<WhisperNet>(net, objective, Tones.Rows(), new RunOptions { Steps = steps, Threads = 2, EvaluateEvery = steps, RowsPerPass = 8 }, new RunFolder(folder), 7);
        Assert.True(run.Run(_ => { }, CancellationToken.None));
        return run.State.BestLoss;
    }

    private static float[][] Train(string folder, int? stopAfter)
    {
        using var net = new WhisperNet(Tones.Shape, 1, ScalarType.BFloat16);
        using var stop = new CancellationTokenSource();
        using var run = new TrainingRun<WhisperNet>(net, new Transcript(), new Counted(Tones.Rows(), stop, stopAfter), new RunOptions { Steps = 6, Threads = 2, EvaluateEvery = 2, RowsPerPass = 4 }, new RunFolder(folder), 7);
        run.TryResume();
        Assert.Equal(stopAfter is null, run.Run(_ => { }, stop.Token));
        return [.. net.Tensors.Values.Select(tensor => tensor.data<float>().ToArray())];
    }

    // Stops a run when the rows of a step are first asked for.
    private sealed class Counted(IRowSource rows, CancellationTokenSource stop, int? after) : IRowSource
    {
        public int Length => rows.Length;

        public int HeldOutCount => rows.HeldOutCount;

        public Batch Rows(long first, int count, ulong key)
        {
            if (first >= 16L * after) stop.Cancel();
            return rows.Rows(first, count, key);
        }

        public Batch HeldOut(int row) => rows.HeldOut(row);
    }
}
