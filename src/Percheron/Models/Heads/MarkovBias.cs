using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Percheron.Kernels;

namespace Percheron.Models.Heads;

/// <summary>Adds to guesses what the token before them says, and tells how far they are to be trusted. Source: DSpark, arXiv 2607.05147.</summary>
/// <param name="weights">Its matrices.</param>
/// <param name="products">Multiplies.</param>
/// <param name="vocab">Tokens.</param>
internal sealed unsafe class MarkovBias(MarkovWeights weights, RowProduct products, int vocab) : IDisposable
{
    private readonly Activations _before = new();
    private readonly NativeBuffer _biases = new();
    private readonly float[] _row = new float[weights.Rank];
    private readonly Lock _gate = new();
    private (int Token, nint Logits)[] _wanted = new (int, nint)[16];
    private int _count;

    /// <summary>Asks for the bias behind a token, to be added to pinned logits [vocab].</summary>
    public void Add(int token, Span<float> logits)
    {
        if (_count == _wanted.Length) Array.Resize(ref _wanted, 2 * _count);
        _wanted[_count++] = (token, (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(logits)));
    }

    /// <summary>Adds all that was asked for.</summary>
    public void Run()
    {
        if (_count == 0) return;
        _before.Begin(_count, weights.Rank, weights.After.Matrix.Kind);
        for (int i = 0; i < _count; i++)
        {
            weights.Before.ReadRow(_wanted[i].Token, new Span<float>(_before.Single(i), weights.Rank));
            _before.Quantize(i);
        }
        _biases.Reserve((long)_count * vocab * sizeof(float));
        float* biases = (float*)_biases.Pointer;
        products.Run(weights.After, _before, 0, _count, biases);
        for (int i = 0; i < _count; i++) Kernels.Add.Apply((float*)_wanted[i].Logits, biases + ((long)i * vocab), (float*)_wanted[i].Logits, vocab);
        _count = 0;
    }

    /// <summary>How likely a guess is to be accepted; NaN where the file does not say.</summary>
    /// <param name="hidden">Its normalized hidden state [HiddenSize].</param>
    /// <param name="guess">Its place in the block, from 0.</param>
    /// <param name="before">The token before it.</param>
    public float Confidence(ReadOnlySpan<float> hidden, int guess, int before)
    {
        if (weights.Confidence is not { } w) return float.NaN;
        lock (_gate)
        {
            weights.Before.ReadRow(before, _row);
            float logit = TensorPrimitives.Dot(hidden, w.AsSpan(0, hidden.Length)) + TensorPrimitives.Dot(_row, w.AsSpan(hidden.Length, _row.Length)) + w[^1];
            // The first of the shares of e^x and e^0.
            Span<float> shares = [logit / weights.Temperatures[Math.Min(guess, weights.Temperatures.Length - 1)], 0];
            Softmax.Apply(shares);
            return shares[0];
        }
    }

    public void Dispose()
    {
        _before.Dispose();
        _biases.Dispose();
    }
}
