namespace Percheron.Tests.Models.Encoders;

/// <summary>Whisper in double precision, written from its description alone: arrays of rows, loops, nothing shared with the library.</summary>
internal sealed class ReferenceWhisper(IReadOnlyDictionary<string, (int[] Shape, float[] Values)> tensors, int encoderLayers, int decoderLayers, int heads)
{
    /// <summary>States of a recording, frames as rows.</summary>
    public double[][] Encode(double[][] frames)
    {
        double[][] x = Convolve(Convolve(frames, "model.encoder.conv1", 1), "model.encoder.conv2", 2);
        for (int t = 0; t < x.Length; t++) x[t] = Sum(x[t], Row("model.encoder.embed_positions.weight", t));
        for (int layer = 0; layer < encoderLayers; layer++)
        {
            string prefix = $"model.encoder.layers.{layer}.";
            double[][] normal = Norm(x, prefix + "self_attn_layer_norm");
            x = Sum(x, Attend(normal, normal, prefix + "self_attn", causal: false));
            x = Sum(x, Feed(Norm(x, prefix + "final_layer_norm"), prefix));
        }
        return Norm(x, "model.encoder.layer_norm");
    }

    /// <summary>Logits of every token of a text about a recording.</summary>
    public double[][] Decode(int[] tokens, double[][] states)
    {
        double[][] x = [.. tokens.Select((token, t) => Sum(Row("model.decoder.embed_tokens.weight", token), Row("model.decoder.embed_positions.weight", t)))];
        for (int layer = 0; layer < decoderLayers; layer++)
        {
            string prefix = $"model.decoder.layers.{layer}.";
            double[][] normal = Norm(x, prefix + "self_attn_layer_norm");
            x = Sum(x, Attend(normal, normal, prefix + "self_attn", causal: true));
            x = Sum(x, Attend(Norm(x, prefix + "encoder_attn_layer_norm"), states, prefix + "encoder_attn", causal: false));
            x = Sum(x, Feed(Norm(x, prefix + "final_layer_norm"), prefix));
        }
        return Multiply(Norm(x, "model.decoder.layer_norm"), "model.decoder.embed_tokens.weight", null);
    }

    private double[][] Attend(double[][] from, double[][] to, string name, bool causal)
    {
        double[][] q = Linear(from, name + ".q_proj"), k = Multiply(to, name + ".k_proj.weight", null), v = Linear(to, name + ".v_proj");
        int size = q[0].Length / heads;
        double[][] result = [.. q.Select(row => new double[row.Length])];
        for (int t = 0; t < q.Length; t++)
        {
            int seen = causal ? t + 1 : to.Length;
            for (int head = 0; head < heads; head++)
            {
                double[] weights = new double[seen];
                for (int s = 0; s < seen; s++)
                    for (int i = head * size; i < (head + 1) * size; i++) weights[s] += q[t][i] * k[s][i] / Math.Sqrt(size);
                double most = weights.Max(), total = 0;
                for (int s = 0; s < seen; s++) total += weights[s] = Math.Exp(weights[s] - most);
                for (int s = 0; s < seen; s++)
                    for (int i = head * size; i < (head + 1) * size; i++) result[t][i] += weights[s] / total * v[s][i];
            }
        }
        return Linear(result, name + ".out_proj");
    }

    private double[][] Feed(double[][] x, string prefix) => Linear([.. Linear(x, prefix + "fc1").Select(Gelu)], prefix + "fc2");

    private double[][] Convolve(double[][] x, string name, int stride)
    {
        (int[] shape, float[] kernel) = tensors[name + ".weight"];
        float[] bias = tensors[name + ".bias"].Values;
        double[][] result = new double[(x.Length + stride - 1) / stride][];
        for (int t = 0; t < result.Length; t++)
        {
            result[t] = new double[shape[0]];
            for (int o = 0; o < shape[0]; o++)
            {
                double sum = bias[o];
                for (int c = 0; c < shape[1]; c++)
                    for (int tap = 0; tap < 3; tap++)
                        if ((t * stride) + tap - 1 is var at && at >= 0 && at < x.Length) sum += kernel[(((o * shape[1]) + c) * 3) + tap] * x[at][c];
                result[t][o] = sum;
            }
            result[t] = Gelu(result[t]);
        }
        return result;
    }

    private double[][] Norm(double[][] x, string name)
    {
        (float[] weight, float[] bias) = (tensors[name + ".weight"].Values, tensors[name + ".bias"].Values);
        return [.. x.Select(row =>
        {
            double mean = row.Average(), variance = row.Average(value => (value - mean) * (value - mean));
            return row.Select((value, i) => ((value - mean) / Math.Sqrt(variance + 1e-5) * weight[i]) + bias[i]).ToArray();
        })];
    }

    private double[][] Linear(double[][] x, string name) => Multiply(x, name + ".weight", tensors[name + ".bias"].Values);

    private double[][] Multiply(double[][] x, string name, float[]? bias)
    {
        (int[] shape, float[] w) = tensors[name];
        return [.. x.Select(row => Enumerable.Range(0, shape[0]).Select(o => (bias?[o] ?? 0) + row.Select((value, i) => value * w[(o * shape[1]) + i]).Sum()).ToArray())];
    }

    private double[] Row(string name, int row)
    {
        (int[] shape, float[] values) = tensors[name];
        return [.. values.Skip(row * shape[1]).Take(shape[1]).Select(value => (double)value)];
    }

    private static double[] Gelu(double[] x) => [.. x.Select(value => value / 2 * (1 + Erf(value / Math.Sqrt(2))))];

    // The series of erf around 0, which converges everywhere.
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 5) return Math.Sign(x);
        double term = x, sum = x;
        for (int n = 1; n < 200; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }
        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    private static double[][] Sum(double[][] a, double[][] b) => [.. a.Zip(b, Sum)];
}
