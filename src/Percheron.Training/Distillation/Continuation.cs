using Percheron.Training.Corpus;
using Percheron.Training.Nets;
using TorchSharp;
using static TorchSharp.torch;

namespace Percheron.Training.Distillation;

/// <summary>Draws continuations from a network at temperature 1, many rows side by side.</summary>
public static class Continuation
{
    /// <summary>Rows of <paramref name="length"/> tokens [batch, length] that begin with <paramref name="prompt"/> [batch, any]; a pure function of parameters and key.</summary>
    public static Tensor Draw(LlamaNet net, Tensor prompt, int length, ulong key)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        int batch = (int)prompt.shape[0], given = (int)prompt.shape[1];
        Tensor rows = zeros([batch, length], ScalarType.Int64);
        rows.narrow(1, 0, given).copy_(prompt);
        Tensor noise = Uniform(length, batch, key);
        using LlamaNet frozen = net.Frozen();
        using var reader = new StepwiseReader(frozen, batch);
        for (int position = 0; position < length - 1; position++)
        {
            using DisposeScope step = NewDisposeScope();
            Tensor hidden = reader.Read(rows.narrow(1, position, 1));
            if (position + 1 < given) continue;
            Tensor cumulative = nn.functional.softmax(frozen.Logits(hidden).to(ScalarType.Float32), -1).cumsum(-1);
            Tensor drawn = (cumulative < noise[position + 1]).sum(-1, type: ScalarType.Int64).clamp(max: net.Shape.Vocab - 1);
            rows.narrow(1, position + 1, 1).copy_(drawn.unsqueeze(1));
        }
        return rows.MoveToOuterDisposeScope();
    }

    /// <summary>Numbers in [0, 1) [length, batch, 1], all at once: making a tensor costs more than one small product.</summary>
    private static Tensor Uniform(int length, int batch, ulong key)
    {
        var values = new float[length * batch];
        for (int i = 0; i < values.Length; i++) values[i] = (SplitMix.Next(ref key) >> 40) * (1f / (1 << 24));
        return tensor(values, length, batch, 1);
    }
}
