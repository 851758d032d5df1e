using Percheron.Kernels;

namespace Percheron.Models.Stages;

/// <summary>Attention of every row over its ancestors; parts take turns with (row, key head) pairs, so that long and short rows mix.</summary>
internal sealed unsafe class AttendStage(ForwardState state) : IWork
{
    private int _layer;

    // Columns of the result that one key head's query heads fill.
    private int GroupSize => state.Config.QuerySize / state.Config.KeyValueHeadCount;

    /// <param name="team">Threads.</param>
    /// <param name="layer">Number of the layer in the whole model.</param>
    /// <param name="kinds">Forms of the result that the output projection reads.</param>
    public void Run(ThreadTeam team, int layer, ActivationKinds kinds)
    {
        _layer = layer;
        state.Input.Begin(state.Count, state.Config.QuerySize, kinds, inParts: GroupSize % 32 == 0);
        team.Run(this);
    }

    public void Execute(int part, int parts, int thread)
    {
        int heads = state.Config.KeyValueHeadCount, group = state.Config.HeadCount / heads, size = state.Config.HeadSize;
        fixed (int* tails = state.Rows.Tails)
        {
            for (int pair = part; pair < state.Count * heads; pair += parts)
            {
                int row = pair / heads, head = pair % heads;
                AttentionSpan span = Span(in state.Rows[row], head, tails);
                Attention.Attend(
                    in span, state.Qkv(row) + head * group * size, group, size, state.Config.AttentionScale, state.Scratch(thread), state.Input.Single(row) + head * group * size);
                state.Input.QuantizeColumns(row, head * group * size, (head + 1) * group * size);
            }
        }
    }

    private AttentionSpan Span(in RowEntry entry, int head, int* tails) => new()
    {
        Keys = entry.Cache.CommittedKeys(_layer, head),
        Values = entry.Cache.CommittedValues(_layer, head),
        Stride = (long)state.Config.HeadSize * (entry.Cache.Type == CacheType.F16 ? sizeof(ushort) : sizeof(float)),
        PrefixLength = entry.Contiguous,
        FirstPosition = state.Config.SlidingWindow > 0 ? Math.Max(0, entry.Position + 1 - state.Config.SlidingWindow) : 0,
        TailKeys = entry.Cache.ScratchKeys(_layer, head),
        TailValues = entry.Cache.ScratchValues(_layer, head),
        TailRows = tails + entry.TailStart,
        TailCount = entry.TailCount,
        Half = entry.Cache.Type == CacheType.F16,
        Finite = entry.Cache.IsFinite,
    };
}
