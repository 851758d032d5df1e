using Percheron.Models;
using Percheron.Testing;

namespace Percheron.Tests.Drafters;

/// <summary>A model that answers its first forward with the first law, for every row, the second with the second, and then with the last one.</summary>
internal sealed class Scripted(params double[][] laws) : IModel
{
    private readonly ToyModel _inner = new(laws[0].Length);

    public int Forwards { get; private set; }

    public int Vocab => _inner.Vocab;

    public int HiddenSize => _inner.HiddenSize;

    public int LayerCount => _inner.LayerCount;

    public int ContextLength => _inner.ContextLength;

    public KvCache NewCache() => _inner.NewCache();

    public void Forward(ReadOnlySpan<Rows> batch)
    {
        _inner.Forward(batch);
        double[] law = laws[Math.Min(Forwards++, laws.Length - 1)];
        foreach (Rows rows in batch)
        {

            for (int row = 0; row < rows.Count; row++)
                for (int x = 0; x < Vocab && rows.WantsLogits(row); x++) rows.LogitBuffer(row)[x] = (float)Math.Log(law[x]);
        }
    }
}
