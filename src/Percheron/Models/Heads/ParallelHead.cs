using System.Numerics.Tensors;
using Percheron.Kernels;

namespace Percheron.Models.Heads;

/// <summary>
/// Medusa and blockwise decoding: head k makes of the target's last hidden state h the logits of the token k + 1 places behind the one h foretells, and sees nothing of the guesses of the others.
/// </summary>
/// <remarks>
/// Medusa has W·(h + SiLU(A h)), blockwise decoding W·(h + D ReLU(U h)). Source: Cai et al. 2024, arXiv 2401.10774, §2.1; Stern et al. 2018, arXiv 1811.03115, §4. Tensors: <c>head.k.blk.i</c> (A)
/// [hidden, hidden], or <c>head.k.up.i</c> (U) [inner, hidden] and <c>head.k.down.i</c> (D) [hidden, inner]; <c>head.k.proj</c> (W) [vocab, hidden], or <c>proj_a</c> [rank, hidden] and
/// <c>proj_b</c> [vocab, rank], or <c>proj_a</c> [hidden, hidden] alone before the target's; without one <c>output</c> for all heads, and without that the target's.
/// </remarks>
internal sealed unsafe class ParallelHead : AnchoredHead
{
    private const int MostHeads = 64, MostBlocks = 16;

    private readonly (Projection Up, Projection? Down)[][] _blocks;
    private readonly HeadOutput?[] _outputs;
    private readonly HeadOutput? _common;
    private readonly ActivationKinds _kinds;
    private readonly Activations _states = new(), _between = new();
    private readonly int[] _starts;
    private HeadRow[] _guesses = new HeadRow[16];
    private int[] _guessOf = new int[16];

    private ParallelHead(HeadTensors tensors, ThreadTeam team, bool inner)
        : base(tensors, team)
    {
        int heads = tensors.Integer("head_count", 1, MostHeads), blocks = tensors.Integer("block_count", 0, MostBlocks, 1);
        (_blocks, _outputs, _starts) = (new (Projection, Projection?)[heads][], new HeadOutput?[heads], new int[heads + 1]);
        for (int head = 0; head < heads; head++)
        {
            _blocks[head] = new (Projection, Projection?)[blocks];
            for (int i = 0; i < blocks; i++) _kinds |= (_blocks[head][i] = Block(tensors, $"head.{head}", i, inner)).Up.Matrix.Kind;
            _outputs[head] = HeadOutput.Read(tensors, $"head.{head}.proj");
            if (_outputs[head] is null) _common ??= HeadOutput.Common(tensors);
            _kinds |= (_outputs[head] ?? _common!).Kind;
        }
    }

    /// <inheritdoc/>
    public override int MaxDepth => _blocks.Length;

    /// <summary>Reads Medusa heads.</summary>
    public static IHead LoadMedusa(HeadTensors tensors, ThreadTeam team) => new ParallelHead(tensors, team, inner: false);

    /// <summary>Reads the heads of blockwise decoding.</summary>
    public static IHead LoadBlockwise(HeadTensors tensors, ThreadTeam team) => new ParallelHead(tensors, team, inner: true);

    /// <inheritdoc/>
    protected override void Answer(Span<HeadRow> rows)
    {
        int guesses = Gather(rows), vocab = Vocab;
        _states.Begin(guesses, HiddenSize, _kinds);
        for (int guess = 0; guess < guesses; guess++)
        {
            _guesses[guess].ReadState(new Span<float>(_states.Single(guess), HiddenSize));
            _states.Quantize(guess);
        }
        float* logits = Logits(guesses);
        for (int head = 0; head < MaxDepth; head++)
        {
            (int First, int Count) own = (_starts[head], _starts[head + 1] - _starts[head]);
            if (own.Count == 0) continue;
            foreach ((Projection up, Projection? down) in _blocks[head])
            {
                if (down is null) AddSilu(up, _states, _states, own);
                else AddRelu(up, down, own);
            }
            _outputs[head]?.Run(Products, _states, own, _between, logits + ((long)own.First * vocab));
        }
        if (_common is not null) RunCommon(logits);
        for (int i = 0; i < rows.Length; i++)
            if (rows[i].IsWanted) rows[i].Write(new ReadOnlySpan<float>(logits + ((long)_guessOf[i] * vocab), vocab));
        Array.Clear(_guesses, 0, guesses);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _states.Dispose();
        _between.Dispose();
        base.Dispose(disposing);
    }

    private static (Projection Up, Projection? Down) Block(HeadTensors tensors, string head, int number, bool inner)
    {
        int hidden = tensors.Target.HiddenSize;
        if (!inner) return (tensors.Projection($"{head}.blk.{number}", hidden, hidden), null);
        int size = tensors.Rows($"{head}.up.{number}.weight");
        return (tensors.Projection($"{head}.up.{number}", size, hidden), tensors.Projection($"{head}.down.{number}", hidden, size));
    }

    /// <summary>x += D ReLU(U x) for some rows.</summary>
    private void AddRelu(Projection up, Projection down, (int First, int Count) rows)
    {
        int size = up.Matrix.Outputs, hidden = HiddenSize;
        _between.Begin(rows.Count, size, down.Matrix.Kind);
        Products.Run(up, _states, rows.First, rows.Count, _between.Single(0));
        for (int i = 0; i < rows.Count; i++)
        {
            Span<float> inner = new(_between.Single(i), size);
            TensorPrimitives.Max(inner, 0f, inner);
            _between.Quantize(i);
        }
        float* change = Scratch(rows.Count * hidden);
        Products.Run(down, _between, 0, rows.Count, change);
        for (int i = 0; i < rows.Count; i++)
        {
            float* state = _states.Single(rows.First + i);
            Add.Apply(state, change + ((long)i * hidden), state, hidden);
            _states.Quantize(rows.First + i);
        }
    }

    /// <summary>Lists what has to be guessed, head by head: rows of one sequence that stand equally far behind one state have one answer.</summary>
    private int Gather(Span<HeadRow> rows)
    {
        if (_guessOf.Length < rows.Length) (_guessOf, _guesses) = (new int[2 * rows.Length], new HeadRow[2 * rows.Length]);
        int count = 0;
        for (int head = 0; head < MaxDepth; head++)
        {
            _starts[head] = count;
            for (int i = 0; i < rows.Length; i++)
            {
                if (!rows[i].IsWanted || HeadOf(rows[i]) != head) continue;
                int same = count > _starts[head] && _guesses[count - 1].Cache == rows[i].Cache && _guesses[count - 1].Anchor == rows[i].Anchor ? count - 1 : count;
                if (same == count) _guesses[count++] = rows[i];
                _guessOf[i] = same;
            }
        }
        return _starts[MaxDepth] = count;
    }

    private int HeadOf(HeadRow row) => Math.Min(row.Distance, MaxDepth - 1);

    private void RunCommon(float* logits)
    {
        // Heads without a projection of their own that stand one behind the other share one product.
        for (int head = 0; head < MaxDepth; head++)
        {
            if (_outputs[head] is not null) continue;
            int first = _starts[head];
            while (head + 1 < MaxDepth && _outputs[head + 1] is null) head++;
            if (_starts[head + 1] > first) _common!.Run(Products, _states, (first, _starts[head + 1] - first), _between, logits + ((long)first * Vocab));
        }
    }
}
