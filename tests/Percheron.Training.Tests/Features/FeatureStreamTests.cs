using Percheron.Training.Features;
using Percheron.Training.Runs;
using Percheron.Training.Tests.Support;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Features;

public class FeatureStreamTests
{
    private static readonly FeatureManifest Plan = new("target.gguf", "d1", [2, 5], Width: 4, Length: 6, Rows: 7, HeldOutRows: 2, RowsPerChunk: 3, FeatureData.Corpus, Seed: 1);

    [TorchFact]
    public void Gives_every_row_once_an_epoch_with_its_own_states()
    {
        using var folder = Captured();
        using var stream = new FeatureStream(folder.Path, "d1", [5], seed: 8);
        using DisposeScope scope = NewDisposeScope();
        for (int epoch = 0; epoch < 2; epoch++)
        {
            int[] seen = [.. Enumerable.Range(0, 7).Select(i => Number(stream.Rows(epoch * 7 + i, 1, 0)))];
            Assert.Equal(Enumerable.Range(0, 7), seen.Order());
        }
        Batch pair = stream.Rows(5, 3, key: 4);
        Assert.Equal([3L, 7L], pair.Rows.shape);
        Assert.Equal([3L, 1L], pair.Apart.shape);
        Assert.Equal(4UL, pair.Key!.Value);
        Assert.Equal([5], pair.States.Keys);
        for (int r = 0; r < 3; r++)
        {
            Batch alone = stream.Rows(5 + r, 1, 0);
            Assert.True(pair.Rows.narrow(0, r, 1).Equals(alone.Rows));
            Assert.True(pair.State(5).narrow(0, r, 1).Equals(alone.State(5)));
            int number = Number(alone);
            Assert.Equal(number % 2, alone.Apart.item<int>());
            // Position 3, value 2 of the state with number 5, as Row made it.
            Assert.Equal(number + 0.5f * 1 + 3 * 0.25f + 2, alone.State(5)[0, 3, 2].item<float>());
        }
        Assert.Equal(100, Number(stream.HeldOut(0)));
        Assert.Null(stream.HeldOut(1).Key);
    }

    [TorchFact]
    public void The_order_follows_from_the_seed_however_it_is_asked()
    {
        using var folder = Captured();
        using FeatureStream one = new(folder.Path, "d1", [2], 8), again = new(folder.Path, "d1", [2], 8), other = new(folder.Path, "d1", [2], 9);
        using DisposeScope scope = NewDisposeScope();
        int[] Order(FeatureStream stream, IEnumerable<int> indices) => [.. indices.Select(i => Number(stream.Rows(i, 1, 0)))];
        int[] forward = Order(one, Enumerable.Range(0, 21));
        Assert.Equal(forward.Reverse(), Order(again, Enumerable.Range(0, 21).Reverse()));
        Assert.NotEqual(forward, Order(other, Enumerable.Range(0, 21)));
    }

    [TorchFact]
    public void What_cannot_serve_is_refused_with_what_to_do()
    {
        using var folder = Captured();
        string Why(string digest, int[] states, string? path = null) => Assert.Throws<InvalidDataException>(() => new FeatureStream(path ?? folder.Path, digest, states, 1)).Message;
        Assert.Contains("another target", Why("d2", [2]), StringComparison.Ordinal);
        Assert.Contains("are 2, 5, but 2,3 are needed", Why("d1", [3, 2]), StringComparison.Ordinal);
        Assert.Contains("percheron-train features --states 2,9", Why("d1", [9, 2], folder.File("nothing")), StringComparison.Ordinal);
        File.Delete(folder.File("train-00001.chunk"));
        Assert.Contains("not all there yet", Why("d1", [2]), StringComparison.Ordinal);
    }

    [TorchFact]
    public void Rows_that_the_target_wrote_can_be_had_alone()
    {
        using var folder = Captured();
        Assert.Contains("--data teacher", Assert.Throws<InvalidDataException>(() => new FeatureStream(folder.Path, "d1", [], 1, written: true)).Message, StringComparison.Ordinal);
        (Plan with { Data = FeatureData.Mixed }).Save(folder.Path);
        using var written = new FeatureStream(folder.Path, "d1", [], 1, written: true);
        using DisposeScope scope = NewDisposeScope();
        for (int epoch = 0; epoch < 2; epoch++)
            Assert.Equal([2, 3, 6], Enumerable.Range(0, 3).Select(i => Number(written.Rows(epoch * 3 + i, 1, 0))).Order());
        Assert.Empty(written.Rows(0, 1, 0).States);
    }

    [TorchFact]
    public void A_chunk_that_was_cut_is_named()
    {
        using var folder = Captured();
        using (FileStream file = File.OpenWrite(folder.File("train-00000.chunk"))) file.SetLength(file.Length - 1);
        using var stream = new FeatureStream(folder.Path, "d1", [2], 1);
        Assert.Contains("train-00000.chunk", Assert.Throws<InvalidDataException>(() => Enumerable.Range(0, 7).Select(i => stream.Rows(i, 1, 0)).ToArray()).Message, StringComparison.Ordinal);
    }

    private static int Number(Batch batch) => (int)batch.Rows[0, 0].item<long>();

    private static FeatureRow Row(int number)
    {
        var row = new FeatureRow(2, 6, 4) { Apart = number % 2 == 1 };
        row.Tokens.AsSpan().Fill(number);
        for (int state = 0; state < 2; state++)
            for (int position = 0; position < 6; position++)
                row.Keep(position, state, [.. Enumerable.Range(0, 4).Select(i => number + 0.5f * state + position * 0.25f + i)]);
        return row;
    }

    private static Folder Captured()
    {
        var folder = new Folder();
        Plan.Save(folder.Path);
        for (int first = 0; first < 7; first += 3) FeatureChunk.Write(Plan.Chunk(folder.Path, false, first), [.. Enumerable.Range(first, Math.Min(3, 7 - first)).Select(Row)]);
        FeatureChunk.Write(Plan.Chunk(folder.Path, true, 0), [Row(100), Row(101)]);
        return folder;
    }
}
