using Percheron.Kernels;

namespace Percheron.Models.Stages;

/// <summary>Quantizes complete rows for the projection that reads them next, where the stage before has not done so column by column.</summary>
internal sealed class QuantizeStage(ForwardState state) : IWork
{
    private Activations _rows = null!;

    public void Run(ThreadTeam team, Activations rows)
    {
        if (!rows.NeedsQuantizing) return;
        _rows = rows;
        state.RunRows(team, this);
    }

    public void Execute(int part, int parts, int thread)
    {
        (int from, int to) = Share.Of(state.Count, part, parts);
        for (int row = from; row < to; row++) _rows.Quantize(row);
    }
}
