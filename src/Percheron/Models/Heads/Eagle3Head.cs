using Percheron.Kernels;

namespace Percheron.Models.Heads;

/// <summary>
/// EAGLE-3: states from several depths of the target pass through one matrix into the residual stream of a decoder layer, whose attention reads the token's embedding beside it. Below the rows the
/// target has seen, what leaves the layer takes the place of the joined states.
/// </summary>
/// <remarks>
/// Source: Li et al. 2025, arXiv 2503.01840, §3.1. Tensors: <c>fc</c> [hidden, states · hidden], <c>enorm</c> [hidden] of the embedding, layers whose first has <c>attn_q</c>, <c>attn_k</c>,
/// <c>attn_v</c> [.., 2 hidden], embedding first, and <c>output_norm</c>, <c>output</c>. Widening: <c>fc</c> outputs, and inputs in as many parts as states; <c>enorm</c> outputs; first attention inputs in two parts.
/// </remarks>
internal sealed unsafe class Eagle3Head : FeatureHead
{
    private readonly Projection _join;
    private readonly WeightVector _embeddingNorm;
    private readonly Activations _states = new();
    private readonly NativeBuffer _joined = new();

    private Eagle3Head(HeadTensors tensors, ThreadTeam team)
        : base(tensors, team, beside: tensors.Target.HiddenSize, normalizes: true, goesOnNormalized: false, Published(tensors.Target.LayerCount))
    {
        _join = tensors.Projection("fc", HiddenSize, Reads.Count * HiddenSize);
        _embeddingNorm = tensors.Vector("enorm.weight", HiddenSize);
    }

    /// <summary>Reads one from its file.</summary>
    public static IHead Load(HeadTensors tensors, ThreadTeam team) => new Eagle3Head(tensors, team);

    // What the authors' own checkpoints read, which do not say so.
    private static FeatureSet Published(int layers) => new(Math.Min(2, layers), layers / 2, Math.Max(0, layers - 3));

    /// <inheritdoc/>
    protected override void Enter(ReadOnlySpan<FeatureRow> rows, float* entries)
    {
        int hidden = HiddenSize, told = 0, size = 2 * hidden;
        _states.Begin(rows.Length, _join.Matrix.Inputs, _join.Matrix.Kind);
        _joined.Reserve((long)rows.Length * hidden * sizeof(float));
        float* joined = (float*)_joined.Pointer;
        for (int row = 0; row < rows.Length; row++)
        {
            float* stream = entries + ((long)row * size), embedding = stream + hidden;
            ReadEmbedding(rows[row].Token, embedding);
            RmsNorm.Apply(embedding, _embeddingNorm.Pointer, hidden, NormEpsilon, embedding);
            if (rows[row].GoesOn)
            {
                rows[row].ReadState(new Span<float>(stream, hidden));
                continue;
            }
            rows[row].ReadState(new Span<float>(_states.Single(told), _states.Columns));
            _states.Quantize(told++);
        }
        if (told == 0) return;
        Products.Run(_join, _states, 0, told, joined);
        for (int row = 0; row < rows.Length; row++)
        {
            if (rows[row].GoesOn) continue;
            new ReadOnlySpan<float>(joined, hidden).CopyTo(new Span<float>(entries + ((long)row * size), hidden));
            joined += hidden;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _states.Dispose();
        _joined.Dispose();
        base.Dispose(disposing);
    }
}
