using Percheron.Kernels;
using Percheron.Models.Stages;

namespace Percheron.Models;

/// <summary>
/// The forward of a number of layers of a transformer. Every row goes through the same operations whatever stands beside it, and threads share outputs,
/// rows or heads, never a reduction; so the bits of a row's outputs depend on the row and its ancestors only.
/// </summary>
internal sealed unsafe class ForwardPass : IDisposable
{
    private readonly TransformerWeights _weights;
    private readonly EmbeddingTable _embeddings;
    private readonly int[] _layers;
    private readonly ThreadTeam _team;
    private readonly LayerSwitches? _switches;
    private readonly ForwardState _state;
    private readonly ForwardCheck _check;
    private readonly Lock _gate = new();
    private readonly NormalizeStage _normalize;
    private readonly QueryKeyValueStage _queryKeyValue;
    private readonly StoreStage _store;
    private readonly AttendStage _attend;
    private readonly ProjectStage _project;
    private readonly QuantizeStage _quantize;
    private readonly ResidualStage _residual;
    private readonly FeedForwardStage _feedForward;
    private readonly OutputNormStage _outputNorm;
    private readonly LogitsStage _logits;

    /// <param name="weights">The whole model.</param>
    /// <param name="embeddings">Inputs of rows.</param>
    /// <param name="layers">Layers to run, ascending.</param>
    /// <param name="team">Threads; not disposed here.</param>
    /// <param name="switches">Halves of layers that run; null for all.</param>
    /// <param name="tokens">Which token each row of the output is, ascending; null where there is one for every token.</param>
    public ForwardPass(TransformerWeights weights, EmbeddingTable embeddings, int[] layers, ThreadTeam team, LayerSwitches? switches = null, int[]? tokens = null)
    {
        (_weights, _embeddings, _layers, _team, _switches) = (weights, embeddings, layers, team, switches);
        _state = new ForwardState(weights.Config, team.Threads, weights.NeedsDecoding ? weights.WidestInput : 0);
        _check = new ForwardCheck(weights, layers, embeddings);
        _normalize = new NormalizeStage(_state);
        _queryKeyValue = new QueryKeyValueStage(_state);
        _store = new StoreStage(_state);
        _attend = new AttendStage(_state);
        _project = new ProjectStage(_state);
        _quantize = new QuantizeStage(_state);
        _residual = new ResidualStage(_state);
        _feedForward = new FeedForwardStage(_state);
        _outputNorm = new OutputNormStage(_state, layers.Length);
        _logits = new LogitsStage(_state, tokens);
    }

    /// <inheritdoc cref="IModel.Forward"/>
    public void Run(ReadOnlySpan<Rows> batch)
    {
        lock (_gate)
        {
            _weights.RequireOpen();
            _check.All(batch);
            foreach (Rows rows in batch) rows.PrepareOutputs(_weights.Config.Vocab, _weights.Config.HiddenSize);
            RowTable table = _state.Rows;
            table.Fill(batch, _layers, _weights.Config.LayerCount);
            _state.Reserve(table.Count, table.ScratchRows);
            _state.Rope = _weights.Rope?.Reaching(table.Positions);
            _state.Count = 0;
            for (int layer = 0; layer < _layers.Length; layer++)
            {
                Enter(layer);
                if (_state.Count > 0) RunLayer(layer);
            }
            Enter(_layers.Length);
            Finish(batch);
            table.Clear();
        }
        GC.KeepAlive(_weights);
    }

    public void Dispose()
    {
        _attend.Dispose();
        _logits.Dispose();
        _state.Dispose();
    }

    /// <summary>Lets the rows that start at <paramref name="layer"/> join, and hands out the hidden states that enter it.</summary>
    private void Enter(int layer)
    {
        int hidden = _weights.Config.HiddenSize, before = _state.Count;
        _state.Count = _state.Rows.CountStarted(layer, before);
        for (int row = before; row < _state.Count; row++)
        {
            ref RowEntry entry = ref _state.Rows[row];
            Span<float> residual = new(_state.Residual(row), hidden);
            if (entry.Owner.StartLayers[entry.Row] >= 0) entry.Owner.StartHidden(entry.Row)[..hidden].CopyTo(residual);
            else _embeddings.Read(in entry, residual, new Span<float>(_state.Product, hidden));
            foreach (int state in entry.Owner.Features.States)
                if (state < layer) entry.Owner.FeatureBuffer(entry.Row, entry.Owner.Features.IndexOf(state)).Clear();
        }
        for (int row = 0; row < _state.Count; row++)
        {
            ref RowEntry entry = ref _state.Rows[row];
            int feature = entry.Owner.Features.IndexOf(layer);
            if (feature >= 0) new ReadOnlySpan<float>(_state.Residual(row), hidden).CopyTo(entry.Owner.FeatureBuffer(entry.Row, feature));
        }
    }

    private void RunLayer(int index)
    {
        int number = _layers[index];
        LayerWeights layer = _weights.Layers[number];
        bool attends = _switches?[2 * number] ?? true, feeds = _switches?[2 * number + 1] ?? true;
        if (attends)
        {
            _normalize.Run(_team, layer.AttentionNorm, layer.QkvKinds, layer.Query.Matrix.Inputs);
            _queryKeyValue.Run(_team, layer);
            _store.Run(_team, layer, number);
        }
        if (index == _layers.Length - 1) KeepWanted();
        if (_state.Count == 0) return;
        if (attends)
        {
            _attend.Run(_team, number, layer.Output.Matrix.Kind);
            _quantize.Run(_team, _state.Input);
            _residual.Run(_team, layer.Output, _state.Input);
            if (layer.Cross is { } cross) AttendMemory(cross, number);
        }
        if (feeds && layer.Up is { } up && layer.Down is { } down) FeedForward(layer, up, down);
    }

    private void AttendMemory(CrossWeights cross, int layer)
    {
        _normalize.Run(_team, cross.Norm, cross.Query.Matrix.Kind, _weights.Config.HiddenSize);
        _project.Run(_team, cross.Query);
        _attend.RunMemory(_team, layer, cross.Output.Matrix.Kind);
        _quantize.Run(_team, _state.Input);
        _residual.Run(_team, cross.Output, _state.Input);
    }

    private void FeedForward(LayerWeights layer, Projection up, Projection down)
    {
        _normalize.Run(_team, layer.FeedForwardNorm, layer.FeedForwardKinds, _weights.Config.HiddenSize);
        _feedForward.Run(_team, layer.Gate, up, down.Matrix.Kind);
        _quantize.Run(_team, _state.Inner);
        _residual.Run(_team, down, _state.Inner);
    }

    /// <summary>Drops the rows of which nothing but keys and values was wanted, once these are stored.</summary>
    private void KeepWanted()
    {
        int kept = 0, active = _state.Count, all = _state.Rows.Count;
        for (int row = 0; row < active; row++)
        {
            ref RowEntry entry = ref _state.Rows[row];
            FeatureSet features = entry.Owner.Features;
            if (entry.Logit >= 0 || (features.Count > 0 && features.States[^1] >= _layers.Length)) _state.Move(row, kept++);
        }
        _state.Count = kept;
        for (int row = active; row < all; row++) _state.Rows.Move(row, kept++);
        _state.Rows.Keep(kept);
    }

    private void Finish(ReadOnlySpan<Rows> batch)
    {
        if (_state.Count == 0) return;
        _outputNorm.Run(_team, _weights.OutputNorm, _weights.Output.Matrix.Kind);
        if (_state.Rows.LogitCount > 0) _logits.Run(_team, _weights.Output, batch);
    }
}
