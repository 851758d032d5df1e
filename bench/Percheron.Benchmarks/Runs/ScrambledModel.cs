using Percheron.Models;

namespace Percheron.Benchmarks.Runs;

/// <summary>Costs what another model costs and answers with its logits in reverse order: a draft that is worth nothing.</summary>
internal sealed class ScrambledModel(IModel model) : IModel
{
    public int Vocab => model.Vocab;

    public int HiddenSize => model.HiddenSize;

    public int LayerCount => model.LayerCount;

    public int ContextLength => model.ContextLength;

    public KvCache NewCache() => model.NewCache();

    public void Forward(ReadOnlySpan<Rows> batch)
    {
        model.Forward(batch);
        foreach (Rows rows in batch)
            for (int row = 0; row < rows.Count; row++)
                if (rows.WantsLogits(row)) rows.LogitBuffer(row).Reverse();
    }
}
