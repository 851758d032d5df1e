using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Training.Corpus;
using Percheron.Training.Export;
using Percheron.Training.Features;
using Percheron.Training.Native;
using Percheron.Training.Nets;
using Percheron.Training.Runs;
using Percheron.Training.Tests.Support;
using Percheron.Training.Tokens;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Features;

public sealed class FeatureCaptureTests : IDisposable
{
    private const int Length = 31;
    private static readonly int[] States = [0, 1, 3];
    private static readonly BpeVocabulary Vocabulary = Small.Vocabulary();
    private static readonly IReadOnlyList<int[]> Documents = new EncodedCorpus(Small.Documents, Vocabulary).Train;
    private readonly Folder _folder = new();
    private readonly GgufFile _file;
    private readonly Transformer _target;

    public FeatureCaptureTests()
    {
        if (TorchRuntime.Unavailable is { } reason) Assert.Skip(reason);
        using var net = new LlamaNet(Small.Shape, 3, ScalarType.Float32);
        using (no_grad())
            foreach (Tensor matrix in net.Tensors.Values.Where(tensor => tensor.dim() == 2)) matrix.mul_(4);
        GgufModel.Write(_folder.File("target.gguf"), net, Vocabulary, TensorType.F32, "Small");
        _file = GgufFile.Open(_folder.File("target.gguf"));
        _target = Transformer.Load(_file, new ModelOptions { Threads = 1, CacheType = CacheType.F32 });
    }

    public void Dispose()
    {
        _target.Dispose();
        _file.Dispose();
        _folder.Dispose();
    }

    [TorchFact]
    public void States_are_those_of_the_trainers_own_forward_pass_whether_documents_are_apart_or_not()
    {
        FeatureRow[] rows = Capture(FeatureData.Corpus, 0, 2);
        Assert.Equal([false, true], rows.Select(row => row.Apart));
        var stream = new RowStream(Documents, Length, 9);
        Assert.Equal(stream.Row(1).ToArray(), rows[1].Tokens);
        Assert.Contains(BpeVocabulary.EndOfText, rows[1].Tokens[1..^1]);
        foreach (FeatureRow row in rows) AssertStates(row);
    }

    [TorchFact]
    public void A_row_does_not_depend_on_the_rows_captured_with_it()
    {
        FeatureRow[] together = Capture(FeatureData.Mixed, 0, 6);
        for (int r = 0; r < 6; r++)
        {
            FeatureRow alone = Capture(FeatureData.Mixed, r, 1)[0];
            Assert.Equal(alone.Tokens, together[r].Tokens);
            Assert.Equal(alone.Apart, together[r].Apart);
            Assert.Equal(alone.Values, together[r].Values);
        }
    }

    [TorchFact]
    public void What_the_target_writes_begins_with_first_lines_and_has_the_states_of_reading_it()
    {
        FeatureRow[] plain = Capture(FeatureData.Teacher, 0, 4), drafted = Capture(FeatureData.Teacher, 0, 4, new NgramDrafter());
        string[] firstLines = [.. Small.Documents.Select(document => document.Member + "\n")];
        for (int r = 0; r < 4; r++)
        {
            Assert.Equal(plain[r].Tokens, drafted[r].Tokens);
            Assert.Equal(plain[r].Values, drafted[r].Values);
            Assert.True(plain[r].Apart);
            Assert.Equal(BpeVocabulary.EndOfText, plain[r].Tokens[0]);
            string text = Vocabulary.Decode(plain[r].Tokens[1..]);
            Assert.Contains(firstLines, line => line.StartsWith(text[..Math.Min(text.Length, line.Length)], StringComparison.Ordinal));
            AssertStates(plain[r]);
        }
        Assert.NotEqual(plain[0].Tokens, plain[1].Tokens);
    }

    [TorchFact]
    public void A_capture_that_was_killed_goes_on_and_gives_the_same_files()
    {
        var plan = new FeatureManifest("target.gguf", "d", States, Small.Shape.Width, Length, Rows: 20, HeldOutRows: 3, RowsPerChunk: 9, FeatureData.Mixed, Seed: 9);
        void Make(string name, int stopAfter)
        {
            using var stop = new CancellationTokenSource();
            var folder = new FeatureFolder(_folder.File(name), plan);
            var capture = new FeatureCapture(_target, new NoneDrafter(), new FeatureSet(States), Documents, Vocabulary, (Length, plan.Data, plan.Seed));
            int made = 0;
            bool done = true;
            foreach (bool heldOut in (bool[])[true, false])
                done = done && folder.Make(capture, heldOut, (rows, isNew) => { if (isNew && (made += rows) >= stopAfter) stop.Cancel(); }, stop.Token);
            Assert.Equal(stopAfter == int.MaxValue, done);
            Assert.Equal(done, folder.MissingBytes == 0);
        }
        Make("through", int.MaxValue);
        Make("stopped", 1);
        Make("stopped", 10);
        // What a kill in the middle of a write leaves.
        File.WriteAllText(Path.Combine(_folder.File("stopped"), "train-00001.chunk.partial"), "half");
        Make("stopped", int.MaxValue);
        foreach (string file in Directory.GetFiles(_folder.File("through"))) Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(_folder.File("stopped"), Path.GetFileName(file))));
        Assert.Equal(Directory.GetFiles(_folder.File("through")).Length, Directory.GetFiles(_folder.File("stopped")).Length);
        Assert.Contains("other options", Assert.Throws<ArgumentException>(() => new FeatureFolder(_folder.File("stopped"), plan with { Seed = 8 })).Message, StringComparison.Ordinal);
    }

    private FeatureRow[] Capture(FeatureData data, long first, int count, Drafter? drafter = null)
    {
        var capture = new FeatureCapture(_target, drafter ?? new NoneDrafter(), new FeatureSet(States), Documents, Vocabulary, (Length, data, 9));
        FeatureRow[] rows = [.. Enumerable.Range(0, count).Select(_ => new FeatureRow(States.Length, Length, Small.Shape.Width))];
        capture.Fill(first, rows, heldOut: false);
        return rows;
    }

    private void AssertStates(FeatureRow row)
    {
        using LlamaNet net = GgufModel.Read(_folder.File("target.gguf"), ScalarType.Float32);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        var batch = new Batch(tensor(row.Tokens.Select(id => (long)id).ToArray(), 1, Length + 1), tensor(new[] { row.Apart ? 1 : 0 }, 1, 1), Key: null);
        Tensor mask = batch.Mask(ScalarType.Float32), embedded = net.Embed(batch.Inputs);
        Tensor[] expected = [embedded, net.Stream(embedded, 1, Length, 0, 1, mask), net.Hidden(batch.Inputs, mask)];
        for (int s = 0; s < States.Length; s++)
        {
            float[] values = expected[s].data<float>().ToArray();
            float scale = values.Max(Math.Abs);
            for (int i = 0; i < values.Length; i++) Assert.Equal(values[i], (float)row.Values[s * values.Length + i], 2e-3 * scale);
        }
    }
}
