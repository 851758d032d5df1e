using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Percheron.Kernels;

namespace Percheron.Models.Stages;

/// <summary>The vocabulary projection, written straight into the buffers of the callers.</summary>
internal sealed unsafe class LogitsStage(ForwardState state) : IWork
{
    /// <summary>Outputs whose weights stay in a core's cache while the items of a batch pass by.</summary>
    private const int Chunk = 128;

    private Projection _output = null!;
    private (nint Logits, int First, int Count)[] _items = [];
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
        team.Run(this);
    }

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
        int vocab = _output.Matrix.Outputs;
        float* logits = (float*)item.Logits;
        _output.Matrix.Multiply(state.Input, item.First, item.Count, from, to, logits, vocab, scratch);
        if (_output.Bias is not { } bias) return;
        for (int row = 0; row < item.Count; row++)
        {
            float* outputs = logits + (long)row * vocab + from;
            Add.Apply(outputs, bias.Pointer + from, outputs, to - from);
        }
    }
}
