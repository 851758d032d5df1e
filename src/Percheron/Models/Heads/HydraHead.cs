using Percheron.Kernels;

namespace Percheron.Models.Heads;

/// <summary>Hydra: head k sees, besides the target's last hidden state, the embeddings of the k + 1 tokens since, so that a guess depends on those before it.</summary>
/// <remarks>
/// Source: Ankner et al. 2024, arXiv 2402.05109, §3. Tensors: <c>head.k.fc</c> and, where the file has it, <c>head.k.res</c> [hidden, (k + 2)·hidden] read the state, then the tokens' embeddings,
/// oldest first: x = res + SiLU(fc), res being the state itself without a matrix; then <c>head.k.blk.i</c> as in Medusa; <c>head.k.proj</c>, <c>head.k.proj_a</c> [hidden, hidden] before the target's projection, or that alone;
/// <c>token_embd.weight</c> or the target's embedding.
/// </remarks>
internal sealed unsafe class HydraHead : AnchoredHead
{
    private const int MostHeads = 16, MostBlocks = 16;

    private readonly (Projection Read, Projection? Residual, Projection[] Blocks, HeadOutput Output)[] _heads;
    private readonly ActivationKinds _kinds;
    private readonly Activations _inputs = new(), _states = new(), _between = new();
    private HeadRow[] _asked = new HeadRow[16];

    private HydraHead(HeadTensors tensors, ThreadTeam team)
        : base(tensors, team)
    {
        int heads = tensors.Integer("head_count", 1, MostHeads), blocks = tensors.Integer("block_count", 0, MostBlocks, 0), hidden = HiddenSize;
        HeadOutput? common = null;
        _heads = new (Projection, Projection?, Projection[], HeadOutput)[heads];
        for (int head = 0; head < heads; head++)
        {
            int width = checked((head + 2) * hidden);
            Projection read = tensors.Projection($"head.{head}.fc", hidden, width);
            Projection? residual = tensors.Has($"head.{head}.res.weight") ? tensors.Projection($"head.{head}.res", hidden, width) : null;
            Projection[] own = [.. Enumerable.Range(0, blocks).Select(i => tensors.Projection($"head.{head}.blk.{i}", hidden, hidden))];
            HeadOutput output = HeadOutput.Read(tensors, $"head.{head}.proj") ?? (common ??= HeadOutput.Common(tensors));
            foreach (Projection block in own) _kinds |= block.Matrix.Kind;
            _kinds |= output.Kind;
            _heads[head] = (read, residual, own, output);
        }
    }

    /// <inheritdoc/>
    public override int MaxDepth => _heads.Length;

    /// <summary>Reads one from its file.</summary>
    public static IHead Load(HeadTensors tensors, ThreadTeam team) => new HydraHead(tensors, team);

    /// <inheritdoc/>
    protected override void Answer(Span<HeadRow> rows)
    {
        for (int head = 0; head < MaxDepth; head++)
        {
            int count = 0;
            foreach (HeadRow row in rows)
            {
                if (!row.IsWanted || Math.Min(row.Distance, MaxDepth - 1) != head) continue;
                if (count == _asked.Length) Array.Resize(ref _asked, 2 * count);
                _asked[count++] = row;
            }
            if (count > 0) Answer(head, _asked.AsSpan(0, count));
        }
        Array.Clear(_asked);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _inputs.Dispose();
        _states.Dispose();
        _between.Dispose();
        base.Dispose(disposing);
    }

    private void Answer(int head, ReadOnlySpan<HeadRow> rows)
    {
        (Projection read, Projection? residual, Projection[] blocks, HeadOutput output) = _heads[head];
        int hidden = HiddenSize, count = rows.Length;
        _inputs.Begin(count, (head + 2) * hidden, read.Matrix.Kind | (residual?.Matrix.Kind ?? ActivationKinds.None));
        _states.Begin(count, hidden, _kinds);
        for (int i = 0; i < count; i++)
        {
            ReadInputs(rows[i], head + 1, new Span<float>(_inputs.Single(i), (head + 2) * hidden));
            _inputs.Quantize(i);
            if (residual is null) new ReadOnlySpan<float>(_inputs.Single(i), hidden).CopyTo(new Span<float>(_states.Single(i), hidden));
        }
        if (residual is not null) Products.Run(residual, _inputs, 0, count, _states.Single(0));
        AddSilu(read, _inputs, _states, (0, count));
        foreach (Projection block in blocks) AddSilu(block, _states, _states, (0, count));
        float* logits = Logits(count);
        output.Run(Products, _states, (0, count), _between, logits);
        for (int i = 0; i < count; i++) rows[i].Write(new ReadOnlySpan<float>(logits + ((long)i * Vocab), Vocab));
    }

    // The state, then the embeddings of the latest tokens, oldest first.
    private void ReadInputs(HeadRow row, int tokens, Span<float> inputs)
    {
        row.ReadState(inputs[..HiddenSize]);
        int scratch = row.Scratch;
        for (int place = tokens; place > 0; place--, scratch = row.Cache.Parent(scratch)) Embed(row.Cache.Token(scratch), inputs.Slice(place * HiddenSize, HiddenSize));
    }
}
