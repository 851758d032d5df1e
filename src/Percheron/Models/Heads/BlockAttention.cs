using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Percheron.Kernels;
using Percheron.Models.Stages;

namespace Percheron.Models.Heads;

/// <summary>Attention of the rows of blocks: every row of a block sees the states before the block and all rows of the block.</summary>
internal sealed unsafe class BlockAttention(ForwardState state, BlockWeights weights) : IWork, IDisposable
{
    // Floats from here on become infinite in binary16.
    private const float LeastInfinite = 65520;

    private readonly NativeBuffer _rows = new();
    private BlockAnchor[] _anchors = new BlockAnchor[4];
    private int[] _tails = GC.AllocateUninitializedArray<int>(64, pinned: true);
    private int _count, _tailCount, _layer;

    /// <summary>Blocks of this forward.</summary>
    public ReadOnlySpan<BlockAnchor> Anchors => _anchors.AsSpan(0, _count);

    // Columns of the result that one key head's query heads fill, and rows of a block that go together.
    private int GroupSize => state.Config.QuerySize / state.Config.KeyValueHeadCount;

    private int TileRows => Math.Max(1, AttentionUnits.MostLines * state.Config.KeyValueHeadCount / state.Config.HeadCount);

    private int TilesPerBlock => (weights.Rows + TileRows - 1) / TileRows;

    /// <summary>Forgets all blocks.</summary>
    public void Begin()
    {
        Array.Clear(_anchors, 0, _count);
        _count = 0;
    }

    /// <summary>Adds a block.</summary>
    public void Add(BlockCache cache, int scratch, int token, DraftBlock block)
    {
        if (_count == _anchors.Length) Array.Resize(ref _anchors, 2 * _count);
        _anchors[_count] = new BlockAnchor { Index = _count, Cache = cache, Scratch = scratch, Token = token, Block = block };
        _count++;
    }

    /// <summary>Gives every block its slots and lists what it sees; returns how many slots lie behind the committed rows of a cache at most.</summary>
    public int Place()
    {
        _tailCount = 0;
        int most = 0;
        for (int i = 0; i < _count; i++)
        {
            ref BlockAnchor anchor = ref _anchors[i];
            // Blocks of one cache follow each other.
            bool first = i == 0 || _anchors[i - 1].Cache != anchor.Cache;
            anchor.Slot = first ? anchor.Cache.ReserveBehind(Blocks(i) * weights.Rows) : _anchors[i - 1].Slot + weights.Rows;
            most = Math.Max(most, anchor.Slot + weights.Rows - anchor.Cache.Length);
            List(ref anchor);
        }
        return most;
    }

    /// <summary>One past the highest position of this forward.</summary>
    public int Positions(ReadOnlySpan<(BlockCache Cache, int Scratch)> states)
    {
        int positions = 1;
        foreach ((BlockCache cache, int scratch) in states) positions = Math.Max(positions, cache.Position(scratch) + 1);
        foreach (ref readonly BlockAnchor anchor in Anchors) positions = Math.Max(positions, anchor.Position + weights.Rows);
        return positions;
    }

    /// <summary>Turns and stores key and value of a row.</summary>
    public void Store(LayerWeights layer, int number, int row, BlockCache cache, int slot, int position)
    {
        TransformerConfig config = state.Config;
        float* keys = state.Qkv(row) + config.QuerySize, values = keys + config.KeyValueSize;
        Turn(keys, config.KeyValueHeadCount, layer.KeyNorm, position);
        for (int head = 0; head < config.KeyValueHeadCount; head++) cache.Contents.Store(number, head, slot, keys + (head * config.HeadSize), values + (head * config.HeadSize));
        // A NaN is larger than nothing, so it fails the comparison too.
        if (!(TensorPrimitives.MaxMagnitude(new ReadOnlySpan<float>(keys, 2 * config.KeyValueSize)) < LeastInfinite)) cache.HoldsSpecials();
    }

    /// <summary>Attends, the result where the output projection reads it; keys of states are stored.</summary>
    public void Run(ThreadTeam team, LayerWeights layer, int number)
    {
        _layer = number;
        int* tails = (int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_tails));
        _rows.Reserve((long)_count * weights.Rows * sizeof(AttentionRow));
        for (int i = 0; i < _count; i++)
        {
            ref readonly BlockAnchor anchor = ref _anchors[i];
            for (int k = 0; k < weights.Rows; k++)
            {
                int row = (i * weights.Rows) + k;
                Turn(state.Qkv(row), state.Config.HeadCount, layer.QueryNorm, anchor.Position + k);
                Store(layer, number, row, anchor.Cache, anchor.Slot + k, anchor.Position + k);
                ((AttentionRow*)_rows.Pointer)[row] = new AttentionRow
                {
                    First = anchor.Cache.FirstSeen(anchor.Scratch), Contiguous = anchor.Contiguous, Tail = tails + anchor.TailStart, TailCount = anchor.TailCount,
                };
            }
        }
        state.Input.Begin(state.Count, state.Config.QuerySize, layer.Output.Matrix.Kind, inParts: GroupSize % 32 == 0);
        team.Run(this, _count * state.Config.KeyValueHeadCount * TilesPerBlock);
    }

    public void Execute(int part, int parts, int thread)
    {
        int tile = part % TilesPerBlock, head = part / TilesPerBlock % state.Config.KeyValueHeadCount, anchor = part / TilesPerBlock / state.Config.KeyValueHeadCount;
        int row = (anchor * weights.Rows) + (tile * TileRows), rows = Math.Min(TileRows, weights.Rows - (tile * TileRows)), column = head * GroupSize;
        BlockCache cache = _anchors[anchor].Cache;
        AttentionTile work = new()
        {
            Keys = cache.Contents.Keys(_layer, head), Values = cache.Contents.Values(_layer, head), TailKeys = cache.Contents.Keys(_layer, head), TailValues = cache.Contents.Values(_layer, head),
            Half = weights.Half, Finite = cache.IsFinite, Rows = (AttentionRow*)_rows.Pointer + row, RowCount = rows,
            Queries = state.Qkv(row) + column, QueryStride = state.QkvSize, Outputs = state.Input.Single(row) + column, OutputStride = state.Config.QuerySize,
            Heads = state.Config.HeadCount / state.Config.KeyValueHeadCount, HeadDim = state.Config.HeadSize, Scale = state.Config.AttentionScale,
        };
        Attention.Attend(in work, state.Scratch(thread));
        for (int i = row; i < row + rows; i++) state.Input.QuantizeColumns(i, column, column + GroupSize);
    }

    public void Dispose() => _rows.Dispose();

    private int Blocks(int from)
    {
        int count = 1;
        while (from + count < _count && _anchors[from + count].Cache == _anchors[from].Cache) count++;
        return count;
    }

    private void List(ref BlockAnchor anchor)
    {
        BlockCache cache = anchor.Cache;
        int run = cache.Run(anchor.Scratch), apart = cache.PathLength(anchor.Scratch) - run;
        (anchor.Contiguous, anchor.TailStart, anchor.TailCount) = (cache.Length + run, _tailCount, apart + weights.Rows);
        if (_tailCount + anchor.TailCount > _tails.Length)
        {
            int[] grown = GC.AllocateUninitializedArray<int>(Math.Max(_tailCount + anchor.TailCount, 2 * _tails.Length), pinned: true);
            _tails.AsSpan(0, _tailCount).CopyTo(grown);
            _tails = grown;
        }
        for (int i = apart - 1, at = anchor.Scratch; i >= 0; i--, at = cache.Parent(at)) _tails[_tailCount + i] = cache.Slot(at);
        for (int k = 0; k < weights.Rows; k++) _tails[_tailCount + apart + k] = anchor.Slot + k;
        _tailCount += anchor.TailCount;
    }

    private void Turn(float* heads, int count, WeightVector? norm, int position)
    {
        TransformerConfig config = state.Config;
        for (int head = 0; norm is not null && head < count; head++)
        {
            float* values = heads + ((long)head * config.HeadSize);
            RmsNorm.Apply(values, norm.Pointer, config.HeadSize, config.NormEpsilon, values);
        }
        if (config.Rope is not { } rope || state.Rope is not { } table) return;
        Rope.Apply(heads, count, config.HeadSize, rope.Dimensions, table.Cosines(position), table.Sines(position), rope.Layout);
    }
}
