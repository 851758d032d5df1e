using Percheron.Kernels;

namespace Percheron.Models.Heads;

/// <summary>ReDrafter: a recurrent net reads the tokens since the target's last hidden state h, s' = SiLU(W E(x) + U s), and every guess is made of h and s together.</summary>
/// <remarks>
/// Source: Cheng et al. 2024, arXiv 2403.09919, §3.1. Tensors: <c>rnn_w</c> and <c>rnn_u</c> [hidden, hidden], s = 0 before the first token; <c>fc</c> [hidden, 2·hidden] reads h, then s:
/// x = h + SiLU(fc); then <c>blk.i</c> as in Medusa, and <c>output</c>, <c>output_a</c> [hidden, hidden] before the target's projection, or that alone; <c>token_embd.weight</c> or the target's embedding.
/// </remarks>
internal sealed unsafe class RecurrentHead : AnchoredHead
{
    private const int MostBlocks = 16;

    private readonly Projection _token, _memory, _read;
    private readonly Projection[] _blocks;
    private readonly HeadOutput _output;
    private readonly ActivationKinds _kinds;
    private readonly Activations _embeddings = new(), _memories = new(), _inputs = new(), _states = new(), _between = new();
    private HeadRow[] _asked = new HeadRow[16];

    private RecurrentHead(HeadTensors tensors, ThreadTeam team)
        : base(tensors, team)
    {
        int hidden = HiddenSize;
        MaxDepth = tensors.Integer("length", 1, 256, 5);
        (_token, _memory) = (tensors.Projection("rnn_w", hidden, hidden), tensors.Projection("rnn_u", hidden, hidden));
        _read = tensors.Projection("fc", hidden, checked(2 * hidden));
        _blocks = [.. Enumerable.Range(0, tensors.Integer("block_count", 0, MostBlocks, 0)).Select(i => tensors.Projection($"blk.{i}", hidden, hidden))];
        _output = HeadOutput.Common(tensors);
        _kinds = _output.Kind;
        foreach (Projection block in _blocks) _kinds |= block.Matrix.Kind;
    }

    /// <inheritdoc/>
    public override int MaxDepth { get; }

    /// <inheritdoc/>
    protected override int OwnFloats => HiddenSize;

    /// <summary>Reads one from its file.</summary>
    public static IHead Load(HeadTensors tensors, ThreadTeam team) => new RecurrentHead(tensors, team);

    /// <inheritdoc/>
    protected override void Answer(Span<HeadRow> rows)
    {
        // A row goes on from what its parent remembers, so the ones nearest to their state come first.
        int nearest = int.MaxValue, farthest = 0;
        foreach (HeadRow row in rows) (nearest, farthest) = (Math.Min(nearest, row.Distance), Math.Max(farthest, row.Distance));
        for (int distance = nearest; distance <= farthest; distance++)
        {
            int count = 0;
            foreach (HeadRow row in rows)
            {
                if (row.Distance != distance) continue;
                if (count == _asked.Length) Array.Resize(ref _asked, 2 * count);
                _asked[count++] = row;
            }
            if (count > 0) Remember(_asked.AsSpan(0, count), first: distance == 0);
        }
        int wanted = 0;
        foreach (HeadRow row in rows)
        {
            if (!row.IsWanted) continue;
            if (wanted == _asked.Length) Array.Resize(ref _asked, 2 * wanted);
            _asked[wanted++] = row;
        }
        if (wanted > 0) Guess(_asked.AsSpan(0, wanted));
        Array.Clear(_asked);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (Activations buffer in (ReadOnlySpan<Activations>)[_embeddings, _memories, _inputs, _states, _between]) buffer.Dispose();
        base.Dispose(disposing);
    }

    private void Remember(ReadOnlySpan<HeadRow> rows, bool first)
    {
        int hidden = HiddenSize, count = rows.Length;
        _embeddings.Begin(count, hidden, _token.Matrix.Kind);
        _memories.Begin(count, hidden, _memory.Matrix.Kind);
        for (int i = 0; i < count; i++)
        {
            Embed(rows[i].Cache.Token(rows[i].Scratch), new Span<float>(_embeddings.Single(i), hidden));
            _embeddings.Quantize(i);
            Span<float> memory = new(_memories.Single(i), hidden);
            if (first) memory.Clear();
            else rows[i].Cache.Own(rows[i].Cache.Parent(rows[i].Scratch)).CopyTo(memory);
            _memories.Quantize(i);
        }
        float* read = Scratch(2L * count * hidden), kept = read + ((long)count * hidden);
        Products.Run(_token, _embeddings, 0, count, read);
        Products.Run(_memory, _memories, 0, count, kept);
        for (int i = 0; i < count; i++)
        {
            long at = (long)i * hidden;
            Add.Apply(read + at, kept + at, read + at, hidden);
            Silu.Apply(read + at, read + at, hidden);
            new ReadOnlySpan<float>(read + at, hidden).CopyTo(rows[i].Cache.Own(rows[i].Scratch));
        }
    }

    private void Guess(ReadOnlySpan<HeadRow> rows)
    {
        int hidden = HiddenSize, count = rows.Length;
        _inputs.Begin(count, 2 * hidden, _read.Matrix.Kind);
        _states.Begin(count, hidden, _kinds);
        for (int i = 0; i < count; i++)
        {
            Span<float> state = new(_inputs.Single(i), hidden);
            rows[i].ReadState(state);
            state.CopyTo(new Span<float>(_states.Single(i), hidden));
            rows[i].Cache.Own(rows[i].Scratch).CopyTo(new Span<float>(_inputs.Single(i) + hidden, hidden));
            _inputs.Quantize(i);
        }
        AddSilu(_read, _inputs, _states, (0, count));
        foreach (Projection block in _blocks) AddSilu(block, _states, _states, (0, count));
        float* logits = Logits(count);
        _output.Run(Products, _states, (0, count), _between, logits);
        for (int i = 0; i < count; i++) rows[i].Write(new ReadOnlySpan<float>(logits + ((long)i * Vocab), Vocab));
    }
}
