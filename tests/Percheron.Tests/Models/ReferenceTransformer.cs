using System.Numerics.Tensors;
using Percheron.Formats;

namespace Percheron.Tests.Models;

/// <summary>
/// The public definition of the supported architectures, written as plainly as possible in double precision: no cache, no batches, every position
/// of the sequence computed anew. It reads tensors by name and takes everything else from the test.
/// </summary>
internal sealed class ReferenceTransformer(GgufFile file, TinyModel model)
{
    private readonly Dictionary<string, double[]> _tensors = [];

    /// <summary>Radians per position of each rotated pair; null for learned positions.</summary>
    public double[]? Frequencies { get; init; }

    public double Magnitude { get; init; } = 1;

    public bool AdjacentPairs { get; init; }

    public int Window { get; init; } = int.MaxValue;

    public double AttentionScale { get; init; } = 1 / Math.Sqrt(model.HeadSize);

    public double Epsilon { get; init; } = 1e-5f;

    /// <summary>Plain frequencies of a rotary embedding over <paramref name="dimensions"/> values.</summary>
    public static double[] PlainFrequencies(int dimensions, double rotationBase = 10_000)
    {
        double[] frequencies = new double[dimensions / 2];
        for (int i = 0; i < frequencies.Length; i++) frequencies[i] = 1 / Math.Pow(rotationBase, 2.0 * i / dimensions);
        return frequencies;
    }

    /// <summary>Logits after every token, [tokens][vocab].</summary>
    public double[][] Logits(int[] tokens)
    {
        double[][] x = new double[tokens.Length][];
        for (int t = 0; t < tokens.Length; t++)
        {
            x[t] = Row("token_embd.weight", tokens[t], model.Hidden);
            if (model.LearnedPositions) x[t] = Sum(x[t], Row("position_embd.weight", t, model.Hidden));
        }
        for (int layer = 0; layer < model.Layers; layer++) Layer(x, $"blk.{layer}.");
        string output = file.TryGetTensor("output.weight", out _) ? "output" : "token_embd";
        return Array.ConvertAll(x, row => Linear(output, Norm(row, "output_norm"), model.Vocab));
    }

    private void Layer(double[][] x, string prefix)
    {
        int query = model.Heads * model.HeadSize, key = model.KeyHeads * model.HeadSize;
        double[][] q = new double[x.Length][], k = new double[x.Length][], v = new double[x.Length][];
        for (int t = 0; t < x.Length; t++)
        {
            double[] normed = Norm(x[t], prefix + "attn_norm");
            if (model.Fused)
            {
                double[] all = Linear(prefix + "attn_qkv", normed, query + 2 * key);
                (q[t], k[t], v[t]) = (all[..query], all[query..(query + key)], all[(query + key)..]);
            }
            else
            {
                (q[t], k[t], v[t]) = (Linear(prefix + "attn_q", normed, query), Linear(prefix + "attn_k", normed, key), Linear(prefix + "attn_v", normed, key));
            }
            Prepare(q[t], model.Heads, prefix + "attn_q_norm.weight", t);
            Prepare(k[t], model.KeyHeads, prefix + "attn_k_norm.weight", t);
        }
        for (int t = 0; t < x.Length; t++)
        {
            double[] attended = Linear(prefix + "attn_output", Attend(q[t], k, v, t), model.Hidden);
            x[t] = Sum(x[t], attended);
            x[t] = Sum(x[t], FeedForward(Norm(x[t], prefix + "ffn_norm"), prefix));
        }
    }

    private void Prepare(double[] heads, int count, string norm, int position)
    {
        for (int head = 0; head < count; head++)
        {
            Span<double> values = heads.AsSpan(head * model.HeadSize, model.HeadSize);
            if (model.QkNorm) RootMeanSquare(values.ToArray(), Tensor(norm)).CopyTo(values);
            for (int i = 0; Frequencies is not null && i < Frequencies.Length; i++)
            {
                (int first, int second) = AdjacentPairs ? (2 * i, 2 * i + 1) : (i, i + Frequencies.Length);
                double angle = position * Frequencies[i], cos = Math.Cos(angle) * Magnitude, sin = Math.Sin(angle) * Magnitude;
                (values[first], values[second]) = (values[first] * cos - values[second] * sin, values[first] * sin + values[second] * cos);
            }
        }
    }

    private double[] Attend(double[] q, double[][] k, double[][] v, int t)
    {
        double[] result = new double[q.Length];
        int size = model.HeadSize, from = (int)Math.Max(0, t - (long)Window + 1);
        for (int head = 0; head < model.Heads; head++)
        {
            int shared = head / (model.Heads / model.KeyHeads);
            double[] weights = new double[t + 1];
            for (int s = from; s <= t; s++)
            {
                double score = 0;
                for (int i = 0; i < size; i++) score += q[head * size + i] * k[s][shared * size + i];
                weights[s] = score * AttentionScale;
            }
            double largest = weights.Skip(from).Max(), total = 0;
            for (int s = from; s <= t; s++) total += weights[s] = Math.Exp(weights[s] - largest);
            for (int s = from; s <= t; s++)
                for (int i = 0; i < size; i++) result[head * size + i] += weights[s] / total * v[s][shared * size + i];
        }
        return result;
    }

    private double[] FeedForward(double[] normed, string prefix)
    {
        int size = model.FeedForward;
        double[] inner;
        if (model.Gelu)
        {
            inner = Array.ConvertAll(Linear(prefix + "ffn_up", normed, size), z => 0.5 * z * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (z + 0.044715 * z * z * z))));
        }
        else
        {
            double[] both = model.Fused ? Linear(prefix + "ffn_up", normed, 2 * size) : [.. Linear(prefix + "ffn_gate", normed, size), .. Linear(prefix + "ffn_up", normed, size)];
            inner = new double[size];
            for (int i = 0; i < size; i++) inner[i] = both[i] / (1 + Math.Exp(-both[i])) * both[size + i];
        }
        return Linear(prefix + "ffn_down", inner, model.Hidden);
    }

    private double[] Norm(double[] x, string name)
    {
        if (!model.LayerNorm) return RootMeanSquare(x, Tensor(name + ".weight"));
        double mean = x.Average(), variance = x.Average(value => (value - mean) * (value - mean));
        double[] weight = Tensor(name + ".weight"), bias = Tensor(name + ".bias");
        return [.. x.Select((value, i) => (value - mean) / Math.Sqrt(variance + Epsilon) * weight[i] + bias[i])];
    }

    private double[] RootMeanSquare(double[] x, double[] weight)
    {
        double root = Math.Sqrt(x.Average(value => value * value) + Epsilon);
        return [.. x.Select((value, i) => value / root * weight[i])];
    }

    private double[] Linear(string name, double[] x, int outputs)
    {
        double[] w = Tensor(name + ".weight"), y = new double[outputs];
        for (int o = 0; o < outputs; o++) y[o] = TensorPrimitives.Dot<double>(w.AsSpan(o * x.Length, x.Length), x);
        return file.TryGetTensor(name + ".bias", out _) ? Sum(y, Tensor(name + ".bias")) : y;
    }

    private double[] Row(string name, int row, int columns) => Tensor(name)[(row * columns)..((row + 1) * columns)];

    private double[] Tensor(string name)
    {
        if (!_tensors.TryGetValue(name, out double[]? values)) _tensors[name] = values = Array.ConvertAll(file.ReadFloats(file.Tensor(name)), value => (double)value);
        return values;
    }

    private static double[] Sum(double[] a, double[] b)
    {
        double[] sum = new double[a.Length];
        for (int i = 0; i < a.Length; i++) sum[i] = a[i] + b[i];
        return sum;
    }
}
