using Percheron.Kernels;
using Percheron.Models.Stages;

namespace Percheron.Models.Encoders;

/// <summary>A convolution over time of width 3, with GELU behind it: a matrix product over each frame and its neighbours. Zeros stand before the first frame and behind the last.</summary>
/// <param name="kernel">[outputs, channels · 3], the three taps of a channel side by side.</param>
/// <param name="stride">Frames from one output to the next.</param>
/// <param name="threads">Threads of the team.</param>
internal sealed unsafe class Convolution(Projection kernel, int stride, int threads) : IWork, IDisposable
{
    public const int Taps = 3;

    private readonly Activations _input = new();
    private readonly NativeBuffer _output = new(), _scratch = new();
    private readonly int _channels = kernel.Matrix.Inputs / Taps;

    /// <summary>Outputs of the last run.</summary>
    public int Count { get; private set; }

    // Whole cache lines, so that threads never write to the same one.
    private long ScratchFloats => kernel.Matrix.IsDecoded ? ((2L * kernel.Matrix.Inputs) + 15) & ~15 : 0;

    /// <param name="team">Threads.</param>
    /// <param name="frames">[count, channels].</param>
    /// <param name="count">Number of frames.</param>
    /// <returns>[<see cref="Count"/>, outputs], valid until the next run.</returns>
    public float* Run(ThreadTeam team, float* frames, int count)
    {
        Count = ((count - 1) / stride) + 1;
        _input.Begin(Count, kernel.Matrix.Inputs, kernel.Matrix.Kind);
        _output.Reserve((long)Count * kernel.Matrix.Outputs * sizeof(float));
        _scratch.Reserve(threads * ScratchFloats * sizeof(float));
        for (int at = 0; at < Count; at++) Gather(frames, count, at);
        team.Run(this);
        return (float*)_output.Pointer;
    }

    public void Execute(int part, int parts, int thread)
    {
        int outputs = kernel.Matrix.Outputs;
        (int from, int to) = Share.Of(outputs, part, parts, Share.Outputs);
        if (from >= to) return;
        float* y = (float*)_output.Pointer;
        Affine.Apply(kernel, _input, Count, (from, to), y, outputs, (float*)_scratch.Pointer + (thread * ScratchFloats));
        for (int at = 0; at < Count; at++) Gelu.Erf(y + ((long)at * outputs) + from, y + ((long)at * outputs) + from, to - from);
    }

    public void Dispose()
    {
        _input.Dispose();
        _output.Dispose();
        _scratch.Dispose();
    }

    private void Gather(float* frames, int count, int at)
    {
        float* row = _input.Single(at);
        for (int tap = 0; tap < Taps; tap++)
        {
            int frame = (at * stride) + tap - 1;
            bool there = frame >= 0 && frame < count;
            for (int channel = 0; channel < _channels; channel++) row[(channel * Taps) + tap] = there ? frames[((long)frame * _channels) + channel] : 0;
        }
        _input.Quantize(at);
    }
}
