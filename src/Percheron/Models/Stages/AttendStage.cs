using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Percheron.Kernels;

namespace Percheron.Models.Stages;

/// <summary>Attention of every row over its ancestors, over all rows of its forward, or over an encoder's states.</summary>
internal sealed unsafe class AttendStage(ForwardState state) : IWork, IDisposable
{
    private readonly AttentionUnits _units = new();
    private readonly NativeBuffer _rows = new(), _partials = new();
    private int _layer;
    private bool _memory;

    // Columns of the result that one key head's query heads fill.
    private int GroupSize => state.Config.QuerySize / state.Config.KeyValueHeadCount;

    /// <param name="team">Threads.</param>
    /// <param name="layer">Number of the layer in the whole model.</param>
    /// <param name="kinds">Forms of the result that the output projection reads.</param>
    public void Run(ThreadTeam team, int layer, ActivationKinds kinds)
    {
        Begin(layer, kinds, memory: false);
        // The list of slots is pinned.
        int* tails = (int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(state.Rows.Tails));
        int window = state.Config.SlidingWindow;
        Span<AttentionRow> rows = new(_rows.Pointer, state.Count);
        for (int row = 0; row < rows.Length; row++)
        {
            ref RowEntry entry = ref state.Rows[row];
            entry.Cache.Note(layer, state.Qkv(row));
            if (state.Config.Bidirectional)
            {
                rows[row] = new AttentionRow { Contiguous = entry.Cache.Length + entry.Cache.ScratchCount };
                continue;
            }
            rows[row] = new AttentionRow
            {
                First = window > 0 ? Math.Max(0, entry.Contiguous + entry.TailCount - window) : 0, Contiguous = entry.Contiguous, Tail = tails + entry.TailStart, TailCount = entry.TailCount,
            };
        }
        Run(team, rows);
    }

    /// <summary>Attention over the states that the rows' caches remember of an encoder.</summary>
    /// <param name="team">Threads.</param>
    /// <param name="layer">Number of the layer in the whole model.</param>
    /// <param name="kinds">Forms of the result that the output projection reads.</param>
    public void RunMemory(ThreadTeam team, int layer, ActivationKinds kinds)
    {
        Begin(layer, kinds, memory: true);
        Span<AttentionRow> rows = new(_rows.Pointer, state.Count);
        for (int row = 0; row < rows.Length; row++) rows[row] = new AttentionRow { Contiguous = state.Rows[row].Cache.Memory!.Frames };
        Run(team, rows);
    }

    public void Execute(int part, int parts, int thread)
    {
        ref readonly AttentionUnit unit = ref _units[part];
        AttentionTile tile = Tile(in unit);
        float* scratch = state.Scratch(thread), partials = (float*)_partials.Pointer;
        if (unit.Chunk < 0)
        {
            Attention.Attend(in tile, scratch);
        }
        else
        {
            Attention.AttendChunk(in tile, unit.Chunk, scratch, partials + unit.Partial);
            if (!_units.Finish(in unit)) return;
            Attention.Merge(in tile, scratch, partials + unit.FirstPartial);
        }
        int from = unit.KeyHead * GroupSize + unit.Head * state.Config.HeadSize;
        for (int row = unit.Row; row < unit.Row + unit.Rows; row++) state.Input.QuantizeColumns(row, from, from + unit.Heads * state.Config.HeadSize);
    }

    public void Dispose()
    {
        _rows.Dispose();
        _partials.Dispose();
    }

    private void Begin(int layer, ActivationKinds kinds, bool memory)
    {
        (_layer, _memory) = (layer, memory);
        state.Input.Begin(state.Count, state.Config.QuerySize, kinds, inParts: GroupSize % 32 == 0);
        _rows.Reserve((long)state.Count * sizeof(AttentionRow));
    }

    private void Run(ThreadTeam team, ReadOnlySpan<AttentionRow> rows)
    {
        _units.Plan(state, rows, team.Threads);
        _partials.Reserve(_units.PartialFloats * sizeof(float));
        team.Run(this, _units.Count);
    }

    private AttentionTile Tile(in AttentionUnit unit)
    {
        TransformerCache cache = state.Rows[unit.Row].Cache;
        CrossMemory? memory = _memory ? cache.Memory : null;
        int column = unit.KeyHead * GroupSize + unit.Head * state.Config.HeadSize;
        return new AttentionTile
        {
            Keys = memory is null ? cache.CommittedKeys(_layer, unit.KeyHead) : memory.Keys(_layer, unit.KeyHead),
            Values = memory is null ? cache.CommittedValues(_layer, unit.KeyHead) : memory.Values(_layer, unit.KeyHead),
            SharedEnd = memory is null ? cache.SharedEnd : 0,
            SharedKeys = memory is null ? cache.SharedKeys(_layer, unit.KeyHead) : null,
            SharedValues = memory is null ? cache.SharedValues(_layer, unit.KeyHead) : null,
            TailKeys = memory is null ? cache.ScratchKeys(_layer, unit.KeyHead) : null,
            TailValues = memory is null ? cache.ScratchValues(_layer, unit.KeyHead) : null,
            Half = cache.Type == CacheType.F16,
            Finite = memory?.IsFinite ?? cache.IsFinite,
            Rows = (AttentionRow*)_rows.Pointer + unit.Row,
            RowCount = unit.Rows,
            Queries = state.Qkv(unit.Row) + column,
            QueryStride = state.QkvSize,
            Outputs = state.Input.Single(unit.Row) + column,
            OutputStride = state.Config.QuerySize,
            Heads = unit.Heads,
            HeadDim = state.Config.HeadSize,
            Scale = state.Config.AttentionScale,
        };
    }
}
