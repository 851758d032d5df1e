using Percheron.Models;
using Percheron.Models.Heads;
using Percheron.Planning;
using Percheron.Tests.Models;
using Percheron.Tests.Models.Heads;
using Xunit;

namespace Percheron.Tests.Planning;

/// <summary>What forwards of trained drafts are said to take, on a clock that counts their work.</summary>
public class CostMeasurementTests
{
    public static TheoryData<string> Heads => ["eagle", "mtp", "eagle3", "deep", "dflash", "dspark"];

    [Theory]
    [MemberData(nameof(Heads))]
    public void Every_head_can_be_measured(string name)
    {
        using TinyFile targetFile = TinyModel.Llama.Build(), headFile = Head(name).Build();
        using Transformer target = targetFile.Load();
        using HeadFile file = HeadFile.Open(headFile.Path, target);
        CostModel cost = CostMeasurement.Measure(file.Head, TimeProvider.System, 0, reading: true);
        Assert.True(cost.Milliseconds(1) > 0 && cost.RowReadMs > 0, $"{cost.Milliseconds(1)} ms, {cost.RowReadMs} ms to read a row");
    }

    [Fact]
    public void Rows_of_a_head_have_the_states_before_them_and_reading_wants_no_logits()
    {
        // A row that is answered takes 1 ms, one that is read 0.01, one that has to wait for another one 100.
        var machine = new Machine();
        CostModel cost = CostMeasurement.Measure(new CountingHead(machine), machine, 250, reading: true);
        Assert.Equal(1, cost.Milliseconds(1), 0.01);
        Assert.Equal(8, cost.Milliseconds(8), 0.1);
        Assert.Equal(0.01, cost.RowReadMs, 0.001);
        var planner = new Planner();
        var drafter = new CoinDrafter(machine, [], _ => 0, 1);
        planner.Know(drafter, cost);
        Assert.Equal(0.01, planner.Of(drafter).ReadMs, 0.001);
    }

    [Theory]
    [InlineData("dflash", 0, 0)]
    [InlineData("dspark", 0.001, 0.1)]
    [InlineData("eagle", 1, 1)]
    public void A_head_says_what_a_further_level_costs(string name, double least, double most)
    {
        using TinyFile targetFile = TinyModel.Llama.Build(), headFile = Head(name).Build();
        using Transformer target = targetFile.Load();
        using HeadFile file = HeadFile.Open(headFile.Path, target);
        Assert.InRange(((IModel)file.Head).LevelCost, least, most);
    }

    private static TinyHead Head(string name) => name is "dflash" or "dspark" ? BlockHeads.Of(name) : LayeredHead.Of(name);

    private sealed class CountingHead(Machine machine) : IHead
    {
        public FeatureSet Reads { get; } = new(1);

        public int StateSize => 2;

        public int MaxDepth => int.MaxValue;

        public int Vocab => 4;

        public int HiddenSize => 2;

        public int LayerCount => 1;

        public int ContextLength => 4096;

        public KvCache NewCache() => NewHeadCache();

        public HeadCache NewHeadCache() => new Cache();

        public void Forward(ReadOnlySpan<Rows> batch)
        {
            foreach (Rows rows in batch)
            {
                rows.PrepareOutputs(Vocab, HiddenSize);
                for (int row = 0; row < rows.Count; row++)
                {
                    var cache = (Cache)rows.Cache;
                    int scratch = cache.Append(rows.Parents[row]);
                    machine.Pass(rows.WantsLogits(row) ? 1 : 0.01);
                    if (rows.Parents[row] >= 0 && cache.State(cache.Position(scratch) - 1).IsEmpty) machine.Pass(100);
                }
            }
        }

        private sealed class Cache() : HeadCache(2)
        {
            public override long Bytes => ToldBytes;

            protected override void Reserve(int scratchRows) { }

            protected override void MoveScratch(int from, int to) { }
        }
    }
}
