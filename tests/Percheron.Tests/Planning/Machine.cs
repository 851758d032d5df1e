using Percheron.Models;
using Percheron.Testing;

namespace Percheron.Tests.Planning;

/// <summary>A machine on which time passes only where a script says so: its clock, and toys whose forwards take what they are said to.</summary>
internal sealed class Machine : TimeProvider
{
    private long _nanoseconds;

    public override long TimestampFrequency => 1_000_000_000;

    public double Ms => _nanoseconds / 1e6;

    public override long GetTimestamp() => _nanoseconds;

    public void Pass(double milliseconds) => _nanoseconds += (long)(1e6 * milliseconds);

    public IModel Model(ToyModel toy, Func<int, double> cost, double levelCost = 1) => new Timed(this, toy, cost, levelCost);

    /// <summary>A toy whose forwards take what the work of their layers does: rows, counted by the share of the layers they went through.</summary>
    public IModel Layered(ToyModel toy, Func<double, double> cost) => new ByLayers(this, toy, cost);

    private sealed class ByLayers(Machine machine, ToyModel toy, Func<double, double> cost) : IModel
    {
        public int Vocab => toy.Vocab;

        public int HiddenSize => toy.HiddenSize;

        public int LayerCount => toy.LayerCount;

        public int ContextLength => toy.ContextLength;

        public KvCache NewCache() => toy.NewCache();

        public void Forward(ReadOnlySpan<Rows> batch)
        {
            long before = toy.EvaluatedLayers;
            toy.Forward(batch);
            machine.Pass(cost((toy.EvaluatedLayers - before) / (double)LayerCount));
        }
    }

    private sealed class Timed(Machine machine, ToyModel toy, Func<int, double> cost, double levelCost) : IModel
    {
        public double LevelCost => levelCost;

        public int Vocab => toy.Vocab;

        public int HiddenSize => toy.HiddenSize;

        public int LayerCount => toy.LayerCount;

        public int ContextLength => toy.ContextLength;

        public KvCache NewCache() => toy.NewCache();

        public void Forward(ReadOnlySpan<Rows> batch)
        {
            int rows = 0;
            foreach (Rows item in batch) rows += item.Count;
            machine.Pass(cost(rows));
            toy.Forward(batch);
        }
    }
}
