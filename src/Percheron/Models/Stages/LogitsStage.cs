using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Percheron.Kernels;

namespace Percheron.Models.Stages;

/// <summary>The vocabulary projection, written straight into the buffers of the callers; that of some tokens goes there from a buffer of its own.</summary>
/// <param name="state">Buffers of the forward.</param>
/// <param name="tokens">Which token each output is, ascending, the logits of all others being −∞; null where there is one output for every token.</param>
internal sealed unsafe class LogitsStage(ForwardState state, int[]? tokens = null) : IWork, IDisposable
{
    /// <summary>Outputs whose weights stay in a core's cache while the items of a batch pass by.</summary>
    private const int Chunk = 128;

    private Projection _output = null!;
    private (nint Logits, int First, int Count)[] _items = [];
    private readonly NativeBuffer? _kept = tokens is null ? null : new NativeBuffer();
    private int _itemCount;

    public void Run(ThreadTeam team, Projection output, ReadOnlySpan<Rows> batch)
    {
        _output = output;
        _itemCount = 0;
        if (_items.Length < batch.Length) _items = new (nint, int, int)[2 * batch.Length];
        int first = 0;
        foreach (Rows rows in batch)
        {
            if (rows.LogitCount == 0) continue;
            int row = 0;
            while (!rows.WantsLogits(row)) row++;
            // The buffer of Rows is pinned.
            _items[_itemCount++] = ((nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(rows.LogitBuffer(row))), first, rows.LogitCount);
            first += rows.LogitCount;
        }
        _kept?.Reserve((long)first * output.Matrix.Outputs * sizeof(float));
        team.Run(this);
    }

    public void Dispose() => _kept?.Dispose();

    public void Execute(int part, int parts, int thread)
    {
        (int from, int to) = Share.Of(_output.Matrix.Outputs, part, parts, Share.Outputs);
        int chunk = _itemCount == 1 ? to - from : Chunk;
        for (; from < to; from += chunk)
        {
            int end = Math.Min(to, from + chunk);
            for (int item = 0; item < _itemCount; item++) Apply(_items[item], from, end, state.Scratch(thread));
        }
    }

    private void Apply((nint Logits, int First, int Count) item, int from, int to, float* scratch)
    {
        int outputs = _output.Matrix.Outputs;
        float* results = _kept is null ? (float*)item.Logits : (float*)_kept.Pointer + ((long)item.First * outputs);
        _output.Matrix.Multiply(state.Input, item.First, item.Count, from, to, results, outputs, scratch);
        for (int row = 0; row < item.Count; row++)
        {
            float* own = results + ((long)row * outputs);
            if (_output.Bias is { } bias) Add.Apply(own + from, bias.Pointer + from, own + from, to - from);
            if (tokens is not null) Place(own, (float*)item.Logits + ((long)row * state.Config.Vocab), from, to);
        }
    }

    // Outputs [from, to) fill the tokens from the first of them to the one before the next output's.
    private void Place(float* results, float* logits, int from, int to)
    {
        int first = from == 0 ? 0 : tokens![from], end = to == tokens!.Length ? state.Config.Vocab : tokens[to];
        new Span<float>(logits + first, end - first).Fill(float.NegativeInfinity);
        for (int output = from; output < to; output++) logits[tokens[output]] = results[output];
    }
}
