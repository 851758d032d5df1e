using Percheron.Training.Nets;

namespace Percheron.Training.Tests.Support;

/// <summary>The Llama forward pass as loops over numbers, in double precision: the oracle of the network.</summary>
internal static class HandWritten
{
    /// <summary>Logits [time][vocab] of one row of tokens.</summary>
    public static double[][] Logits(LlamaNet net, int[] tokens)
    {
        LlamaShape shape = net.Shape;
        Dictionary<string, float[]> w = net.Tensors.ToDictionary(pair => pair.Key, pair => pair.Value.data<float>().ToArray());
        double[][] x = [.. tokens.Select(id => Enumerable.Range(0, shape.Width).Select(i => (double)w["token_embd.weight"][id * shape.Width + i]).ToArray())];
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            string at = $"blk.{layer}.";
            double[][] normed = [.. x.Select(row => Norm(row, w[at + "attn_norm.weight"]))];
            double[][] mixed = Attention(shape, w, at, normed);
            for (int t = 0; t < x.Length; t++) x[t] = Add(x[t], Product(w[at + "attn_output.weight"], mixed[t]));
            for (int t = 0; t < x.Length; t++)
            {
                double[] n = Norm(x[t], w[at + "ffn_norm.weight"]);
                double[] gate = Product(w[at + "ffn_gate.weight"], n), up = Product(w[at + "ffn_up.weight"], n);
                x[t] = Add(x[t], Product(w[at + "ffn_down.weight"], [.. gate.Select((g, i) => g / (1 + Math.Exp(-g)) * up[i])]));
            }
        }
        return [.. x.Select(row => Product(w["token_embd.weight"], Norm(row, w["output_norm.weight"])))];
    }

    private static double[][] Attention(LlamaShape shape, Dictionary<string, float[]> w, string at, double[][] x)
    {
        int size = shape.HeadSize, group = shape.Heads / shape.KeyHeads;
        double[][] q = [.. x.Select((row, t) => Rotate(Product(w[at + "attn_q.weight"], row), t, size))];
        double[][] k = [.. x.Select((row, t) => Rotate(Product(w[at + "attn_k.weight"], row), t, size))];
        double[][] v = [.. x.Select(row => Product(w[at + "attn_v.weight"], row))];
        return [.. x.Select((_, t) => Enumerable.Range(0, shape.Heads).SelectMany(head =>
        {
            int kv = head / group;
            double[] scores = [.. Enumerable.Range(0, t + 1).Select(s => Math.Exp(Enumerable.Range(0, size).Sum(i => q[t][head * size + i] * k[s][kv * size + i]) / Math.Sqrt(size)))];
            double total = scores.Sum();
            return Enumerable.Range(0, size).Select(i => scores.Select((score, s) => score / total * v[s][kv * size + i]).Sum());
        }).ToArray())];
    }

    // Adjacent pairs (2i, 2i+1), as llama.cpp rotates this architecture.
    private static double[] Rotate(double[] x, int position, int size)
    {
        double[] y = [.. x];
        for (int head = 0; head < x.Length; head += size)
        {
            for (int i = 0; i < size; i += 2)
            {
                double angle = position * Math.Pow(LlamaShape.RopeBase, -(double)i / size), a = x[head + i], b = x[head + i + 1];
                y[head + i] = a * Math.Cos(angle) - b * Math.Sin(angle);
                y[head + i + 1] = a * Math.Sin(angle) + b * Math.Cos(angle);
            }
        }
        return y;
    }

    private static double[] Norm(double[] x, float[] weight)
    {
        double scale = 1 / Math.Sqrt(x.Sum(value => value * value) / x.Length + LlamaShape.Epsilon);
        return [.. x.Select((value, i) => value * scale * weight[i])];
    }

    private static double[] Product(float[] matrix, double[] x) =>
        [.. Enumerable.Range(0, matrix.Length / x.Length).Select(row => Enumerable.Range(0, x.Length).Sum(i => matrix[row * x.Length + i] * x[i]))];

    private static double[] Add(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
