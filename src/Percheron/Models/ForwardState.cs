using Percheron.Kernels;

namespace Percheron.Models;

/// <summary>What the stages of one forward share: the rows and the buffers between stages. One object per model; its buffers only grow.</summary>
/// <param name="config">Sizes.</param>
/// <param name="threads">Threads of the team.</param>
/// <param name="decoded">Floats of the longest weight row that products decode; 0 where none does.</param>
internal sealed unsafe class ForwardState(TransformerConfig config, int threads, int decoded) : IDisposable
{
    /// <summary>Values of one row stage below which waking other threads costs more than they save.</summary>
    private const int WorthSharing = 1 << 14;

    private readonly NativeBuffer _residual = new(), _qkv = new(), _product = new(), _scratch = new();
    private long _scratchFloats;

    public TransformerConfig Config { get; } = config;

    public RowTable Rows { get; } = new();

    /// <summary>Rows the current stage works on: the first ones of <see cref="Rows"/>.</summary>
    public int Count { get; set; }

    /// <summary>Cosines and sines reaching every position of the forward; null where positions are learned.</summary>
    public RopeTable? Rope { get; set; }

    /// <summary>What the projections of hidden size and query size read.</summary>
    public Activations Input { get; } = new();

    /// <summary>What the last projection of the feed-forward layer reads.</summary>
    public Activations Inner { get; } = new();

    /// <summary>Floats of a row of queries, keys and values.</summary>
    public int QkvSize { get; } = config.QuerySize + 2 * config.KeyValueSize;

    /// <summary>Makes room for <paramref name="rows"/> rows over caches of at most <paramref name="scratchRows"/> scratch rows.</summary>
    public void Reserve(int rows, int scratchRows)
    {
        long scores = Attention.ScratchFloats(Math.Max(Stages.AttentionUnits.MostLines, Config.HeadCount / Config.KeyValueHeadCount), Config.HeadSize, scratchRows);
        // Whole cache lines, so that threads never write to the same one.
        _scratchFloats = (Math.Max(scores, 2L * decoded) + 15) & ~15;
        _scratch.Reserve(threads * _scratchFloats * sizeof(float));
        _residual.Reserve((long)rows * Config.HiddenSize * sizeof(float));
        _qkv.Reserve((long)rows * QkvSize * sizeof(float));
        _product.Reserve((long)rows * Math.Max(Config.HiddenSize, Config.FeedForwardSize) * sizeof(float));
    }

    /// <summary>Residual stream of a row [HiddenSize].</summary>
    public float* Residual(int row) => (float*)_residual.Pointer + (long)row * Config.HiddenSize;

    /// <summary>Queries, then keys, then values of a row.</summary>
    public float* Qkv(int row) => (float*)_qkv.Pointer + (long)row * QkvSize;

    /// <summary>Products on their way to the residual stream [rows, HiddenSize], or the second half of a gate [rows, FeedForwardSize].</summary>
    public float* Product => (float*)_product.Pointer;

    /// <summary>Floats that one thread may overwrite: attention scores or decoded weights.</summary>
    public float* Scratch(int thread) => (float*)_scratch.Pointer + thread * _scratchFloats;

    /// <summary>Runs a stage that works on rows, on the calling thread alone where there is little to do.</summary>
    public void RunRows(ThreadTeam team, IWork stage)
    {
        if ((long)Count * Config.HiddenSize < WorthSharing) stage.Execute(0, 1, 0);
        else team.Run(stage);
    }

    /// <summary>Moves the residual stream and the queries of row <paramref name="from"/> to row <paramref name="to"/>, with its entry.</summary>
    public void Move(int from, int to)
    {
        if (from == to) return;
        Rows.Move(from, to);
        new ReadOnlySpan<float>(Residual(from), Config.HiddenSize).CopyTo(new Span<float>(Residual(to), Config.HiddenSize));
        new ReadOnlySpan<float>(Qkv(from), Config.QuerySize).CopyTo(new Span<float>(Qkv(to), Config.QuerySize));
    }

    public void Dispose()
    {
        _residual.Dispose();
        _qkv.Dispose();
        _product.Dispose();
        _scratch.Dispose();
        Input.Dispose();
        Inner.Dispose();
    }
}
