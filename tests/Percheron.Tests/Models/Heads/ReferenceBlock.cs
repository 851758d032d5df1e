using Percheron.Formats;

namespace Percheron.Tests.Models.Heads;

/// <summary>A block draft of <see cref="BlockHeads"/> in doubles, as its papers write it down.</summary>
internal sealed class ReferenceBlock(GgufFile file, string name)
{
    /// <summary>What leaves the last layer at every row of the block behind states 0 … <paramref name="states"/> − 1 of <see cref="HeadChecks.State"/>.</summary>
    public double[][] Hidden(int states, float[] anchor)
    {
        float[] mask = file.ReadFloats(file.Tensor("mask_embd.weight"));
        double[][] context = [.. Enumerable.Range(0, states).Select(Context)];
        double[][] rows = [.. Enumerable.Range(0, BlockHeads.Rows).Select(k => (k == 0 ? anchor : mask).Select(v => (double)v).ToArray())];
        for (int layer = 0; layer < 2; layer++) rows = Layer($"blk.{layer}.", context, rows);
        return rows;
    }

    public static double[] Normalize(double[] x, float[] weight)
    {
        double scale = 1 / Math.Sqrt(x.Average(v => v * v) + 1e-5);
        return [.. x.Select((v, i) => v * scale * weight[i])];
    }

    private double[] Context(int position)
    {
        int states = name == "dflash" ? 3 : 2;
        float[] state = new float[states * BlockHeads.Hidden];
        HeadChecks.State(position, state);
        return Normalize(Multiply("fc.weight", [.. state.Select(v => (double)v)]), Vector("fc_norm.weight"));
    }

    private double[][] Layer(string at, double[][] context, double[][] rows)
    {
        double[][] normal = [.. rows.Select(row => Normalize(row, Vector(at + "attn_norm.weight")))], read = [.. context, .. normal];
        double[][] keys = [.. read.Select((x, i) => Turn(Multiply(at + "attn_k.weight", x), i))], values = [.. read.Select(x => Multiply(at + "attn_v.weight", x))];
        return [.. rows.Select((row, k) =>
        {
            double[] queries = Turn(Multiply(at + "attn_q.weight", normal[k]), context.Length + k), mixed = new double[queries.Length];
            for (int head = 0; head < BlockHeads.Heads; head++)
            {
                int from = head * BlockHeads.HeadSize;
                double[] weights = [.. keys.Select(key => Math.Exp(Enumerable.Range(0, BlockHeads.HeadSize).Sum(d => key[d] * queries[from + d]) / Math.Sqrt(BlockHeads.HeadSize)))];
                for (int d = 0; d < BlockHeads.HeadSize; d++) mixed[from + d] = weights.Zip(values, (w, value) => w * value[d]).Sum() / weights.Sum();
            }
            double[] x = Add(row, Multiply(at + "attn_output.weight", mixed)), n = Normalize(x, Vector(at + "ffn_norm.weight"));
            double[] inner = [.. Multiply(at + "ffn_gate.weight", n).Zip(Multiply(at + "ffn_up.weight", n), (g, u) => HeadChecks.Silu(g) * u)];
            return Add(x, Multiply(at + "ffn_down.weight", inner));
        })];
    }

    // Pairs are adjacent; only distances count.
    private static double[] Turn(double[] x, int position)
    {
        double[] y = new double[x.Length];
        for (int i = 0; i < x.Length; i += 2)
        {
            double angle = position * Math.Pow(10_000, -(i % BlockHeads.HeadSize) / (double)BlockHeads.HeadSize);
            (y[i], y[i + 1]) = ((x[i] * Math.Cos(angle)) - (x[i + 1] * Math.Sin(angle)), (x[i + 1] * Math.Cos(angle)) + (x[i] * Math.Sin(angle)));
        }
        return y;
    }

    private static double[] Add(double[] x, double[] y) => [.. x.Zip(y, (a, b) => a + b)];

    private double[] Multiply(string tensor, double[] x) => HeadChecks.Multiply(file, tensor, x);

    private float[] Vector(string tensor) => file.ReadFloats(file.Tensor(tensor));
}
