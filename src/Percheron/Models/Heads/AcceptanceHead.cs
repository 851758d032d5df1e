using System.Numerics.Tensors;
using Percheron.Formats;
using Percheron.Kernels;

namespace Percheron.Models.Heads;

/// <summary>A network of one inner layer that says how likely a drafted token is to be accepted, from what is known before it is drawn.</summary>
/// <remarks>
/// Sources: SpecDec++, arXiv 2405.19715; DISCO, arXiv 2405.04304. Tensors, F32: <c>acceptance.0.weight</c> [inner, 12] and <c>.bias</c>, <c>acceptance.1.weight</c> [1, inner] and <c>.bias</c>. It reads no
/// hidden state, so a widened target needs no other one.
/// </remarks>
public sealed class AcceptanceHead
{
    /// <summary>How many of the highest probabilities it reads.</summary>
    public const int Best = 10;

    /// <summary>Numbers it reads: the highest probabilities, falling; the law's entropy in nats; tokens of the draft before.</summary>
    public const int Inputs = Best + 2;

    private const int MostInner = 1024;

    private readonly float[] _in, _inBias, _out, _inner;
    private readonly float _outBias;
    private readonly Lock _gate = new();

    /// <param name="into">[inner, <see cref="Inputs"/>], copied.</param>
    /// <param name="intoBias">[inner], copied.</param>
    /// <param name="outOf">[inner], copied.</param>
    /// <param name="bias">Of the answer.</param>
    /// <exception cref="ArgumentException">The sizes do not fit.</exception>
    public AcceptanceHead(ReadOnlySpan<float> into, ReadOnlySpan<float> intoBias, ReadOnlySpan<float> outOf, float bias)
    {
        if (outOf.IsEmpty || intoBias.Length != outOf.Length || into.Length != outOf.Length * Inputs) throw new ArgumentException("the layers do not fit together");
        (_in, _inBias, _out, _outBias, _inner) = (into.ToArray(), intoBias.ToArray(), outOf.ToArray(), bias, new float[outOf.Length]);
    }

    /// <summary>Reads one from a GGUF file.</summary>
    /// <exception cref="ModelFormatException">The file is damaged, or holds something else.</exception>
    public static AcceptanceHead Open(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        string kind = file.GetString("general.architecture");
        if (kind != "acceptance") throw file.Fault("general.architecture", $"'{kind}' is no acceptance head");
        TensorInfo into = file.Tensor("acceptance.0.weight"), bias = file.Tensor("acceptance.0.bias"), outOf = file.Tensor("acceptance.1.weight"), last = file.Tensor("acceptance.1.bias");
        if (into.Columns != Inputs || into.Rows is < 1 or > MostInner) throw file.Fault(into, $"tensor '{into.Name}' should be [1 to {MostInner}, {Inputs}]");
        if (bias.Elements != into.Rows || outOf.Elements != into.Rows || last.Elements != 1) throw file.Fault(outOf, "the layers of the acceptance head do not fit together");
        return new AcceptanceHead(file.ReadFloats(into), file.ReadFloats(bias), file.ReadFloats(outOf), file.ReadFloats(last)[0]);
    }

    /// <summary>How likely a token is to be accepted, 0 to 1.</summary>
    /// <param name="features">[<see cref="Inputs"/>].</param>
    public float Chance(ReadOnlySpan<float> features)
    {
        lock (_gate)
        {
            for (int i = 0; i < _inner.Length; i++) _inner[i] = Math.Max(0, TensorPrimitives.Dot(features, _in.AsSpan(i * Inputs, Inputs)) + _inBias[i]);
            // The first of the shares of e^x and e^0.
            Span<float> shares = [TensorPrimitives.Dot<float>(_inner, _out) + _outBias, 0];
            Softmax.Apply(shares);
            return shares[0];
        }
    }
}
