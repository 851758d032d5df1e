using Percheron.Kernels;

namespace Percheron.Models.Heads;

/// <summary>
/// EAGLE: a token's embedding and the target's state before it pass through one matrix into a decoder layer, which foretells the target's state at the token. Its logits are those the target's own
/// vocabulary projection makes of that state.
/// </summary>
/// <remarks>
/// Source: Li et al. 2024, arXiv 2401.15077, §4.1. With norms of embedding and state before the matrix and a norm behind the layer it is the module for multi-token prediction of DeepSeek-V3,
/// arXiv 2412.19437, §2.2, used again and again for further tokens as in FastMTP, arXiv 2509.18362. Tensors: <c>fc</c> [hidden, 2 hidden], embedding first, and layers; <c>enorm</c>, <c>hnorm</c>
/// [hidden] for multi-token prediction. A module without <c>enorm</c> does not join the two: the state, through <c>fc</c> [hidden, hidden], is added to the embedding, so that a draft model becomes
/// such a module by adding nothing at first. Widening: <c>fc</c> outputs, and inputs in two parts; <c>enorm</c>, <c>hnorm</c> outputs.
/// </remarks>
internal sealed unsafe class EagleHead : FeatureHead
{
    private readonly Projection _join;
    private readonly WeightVector? _embeddingNorm, _stateNorm;
    private readonly Activations _inputs = new();
    private readonly float[]? _added;

    private EagleHead(HeadTensors tensors, ThreadTeam team, bool predicts)
        : base(tensors, team, beside: 0, normalizes: predicts, goesOnNormalized: predicts)
    {
        if (Reads.Count != 1) throw tensors.Fault("states", $"this head reads one state of the target, not {Reads.Count}");
        if (predicts && !tensors.Has("enorm.weight")) _added = new float[HiddenSize];
        else if (predicts) _embeddingNorm = tensors.Vector("enorm.weight", HiddenSize);
        if (predicts) _stateNorm = tensors.Vector("hnorm.weight", HiddenSize);
        _join = tensors.Projection("fc", HiddenSize, _added is null ? 2 * HiddenSize : HiddenSize);
    }

    /// <summary>Reads an EAGLE head from its file.</summary>
    public static IHead Load(HeadTensors tensors, ThreadTeam team) => new EagleHead(tensors, team, predicts: false);

    /// <summary>Reads a module for multi-token prediction from its file.</summary>
    public static IHead LoadPredictor(HeadTensors tensors, ThreadTeam team) => new EagleHead(tensors, team, predicts: true);

    /// <inheritdoc/>
    protected override void Enter(ReadOnlySpan<FeatureRow> rows, float* entries)
    {
        int hidden = HiddenSize;
        _inputs.Begin(rows.Length, _join.Matrix.Inputs, _join.Matrix.Kind);
        for (int row = 0; row < rows.Length; row++)
        {
            float* embedding = _inputs.Single(row), state = _added is null ? embedding + hidden : embedding;
            if (_added is null) ReadEmbedding(rows[row].Token, embedding);
            rows[row].ReadState(new Span<float>(state, hidden));
            if (_embeddingNorm is not null) RmsNorm.Apply(embedding, _embeddingNorm.Pointer, hidden, NormEpsilon, embedding);
            if (_stateNorm is not null) RmsNorm.Apply(state, _stateNorm.Pointer, hidden, NormEpsilon, state);
            _inputs.Quantize(row);
        }
        Products.Run(_join, _inputs, 0, rows.Length, entries);
        if (_added is not null) AddEmbeddings(rows, entries);
    }

    private void AddEmbeddings(ReadOnlySpan<FeatureRow> rows, float* entries)
    {
        fixed (float* embedding = _added)
        {
            for (int row = 0; row < rows.Length; row++, entries += HiddenSize)
            {
                ReadEmbedding(rows[row].Token, embedding);
                Add.Apply(embedding, entries, entries, HiddenSize);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _inputs.Dispose();
        base.Dispose(disposing);
    }
}
