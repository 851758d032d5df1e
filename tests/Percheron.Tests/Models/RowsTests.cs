using Percheron.Models;
using Xunit;

namespace Percheron.Tests.Models;

public class RowsTests
{
    private sealed class EmptyCache : KvCache
    {
        public override long Bytes => 0;

        public override KvCache NewOverlay() => new EmptyCache();

        protected override void Reserve(int scratchRows) { }

        protected override void MoveScratch(int from, int to) { }

        protected override void CopyRows(KvCache other, int length) { }
    }

    [Fact]
    public void Rows_count_from_the_scratch_that_is_there()
    {
        var cache = new EmptyCache();
        cache.Append(-1);
        cache.Append(0);
        var rows = new Rows();
        rows.Reset(cache);
        Assert.Equal(2, rows.Add(7, 1, logits: false));
        Assert.Equal(3, rows.Add(8, 2, logits: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.Add(9, 4, logits: true));
        Assert.Equal([7, 8], rows.Tokens.ToArray());
        Assert.Equal([1, 2], rows.Parents.ToArray());
    }

    [Fact]
    public void Only_wanted_logits_have_a_place()
    {
        var rows = new Rows();
        rows.Reset(new EmptyCache(), new FeatureSet(3, 1, 3));
        for (int i = 0; i < 40; i++) rows.Add(i, i - 1, logits: i % 2 == 1);
        rows.PrepareOutputs(vocab: 5, hiddenSize: 2);
        for (int i = 1; i < 40; i += 2) rows.LogitBuffer(i).Fill(i);
        for (int i = 0; i < 40; i++) rows.FeatureBuffer(i, 1).Fill(-i);
        Assert.Equal(20, rows.LogitCount);
        Assert.Equal([39f, 39, 39, 39, 39], rows.Logits(39).ToArray());
        Assert.Equal([-7f, -7], rows.Feature(7, rows.Features.IndexOf(3)).ToArray());
        Assert.Throws<InvalidOperationException>(() => rows.Logits(2).Length);
        Assert.Throws<InvalidOperationException>(() => rows.Feature(2, 2).Length);
    }

    [Fact]
    public void A_row_may_start_from_an_extra_embedding_or_a_hidden_state()
    {
        var rows = new Rows();
        rows.Reset(new EmptyCache());
        rows.Add(1, -1, logits: false);
        rows.AddExtra(4, 0, logits: true);
        rows.AddHidden([1f, 2, 3], layer: 2, parent: 1, logits: true);
        Assert.Equal([1, -1, -1], rows.Tokens.ToArray());
        Assert.Equal([-1, 4, -1], rows.Extras.ToArray());
        Assert.Equal([-1, -1, 2], rows.StartLayers.ToArray());
        Assert.Equal([1f, 2, 3], rows.StartHidden(2).ToArray());
        Assert.Throws<ArgumentException>(() => rows.AddHidden([1f], 0, -1, logits: true));
    }

    [Fact]
    public void Feature_sets_are_sorted_and_united()
    {
        Assert.Equal([1, 3, 4], new FeatureSet(3, 1).Union(new FeatureSet(4, 3)).States.ToArray());
        Assert.Equal(-1, new FeatureSet(3, 1).IndexOf(2));
        Assert.Same(FeatureSet.None, FeatureSet.None.Union(FeatureSet.None));
    }
}
