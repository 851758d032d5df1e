using Percheron.Training.Nets;
using Percheron.Training.Tokens;
using TorchSharp;
using static TorchSharp.torch;

namespace Percheron.Training.Evaluation;

/// <summary>Measures a target, and a draft beside it, on held-out documents.</summary>
public sealed class HeldOutReader(LlamaNet target, LlamaNet? draft, BpeVocabulary vocabulary)
{
    private const int RowsPerPass = 8;

    /// <summary>The sums over these documents (ids, the first of them the end of text).</summary>
    public HeldOutMeasure Measure(IReadOnlyList<int[]> documents)
    {
        var total = new HeldOutMeasure();
        // Documents of like length share a pass, so that little of it is padding.
        foreach (int[][] group in documents.OrderBy(document => document.Length).Chunk(RowsPerPass)) total.Add(Pass(group));
        return total;
    }

    private HeldOutMeasure Pass(int[][] documents)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        int time = Math.Min(target.Shape.Context, documents.Max(document => document.Length) - 1);
        var inputs = new long[documents.Length * time];
        var next = new long[inputs.Length];
        float[] all = new float[inputs.Length], comment = new float[inputs.Length];
        for (int d = 0; d < documents.Length; d++)
        {
            bool afterFirstLine = false;
            for (int i = 0; i < Math.Min(time, documents[d].Length - 1); i++)
            {
                int at = d * time + i;
                (inputs[at], next[at], all[at]) = (documents[d][i], documents[d][i + 1], 1);
                afterFirstLine |= vocabulary.Bytes(documents[d][i]).Contains((byte)'\n');
                comment[at] = afterFirstLine ? 1 : 0;
            }
        }
        Tensor tokens = tensor(inputs, documents.Length, time), weight = tensor(comment);
        Tensor p = Law(target, tokens);
        Tensor loss = p.gather(1, tensor(next).unsqueeze(1)).squeeze(1).neg();
        var sums = new HeldOutMeasure { Tokens = (long)all.Sum(), CommentTokens = (long)comment.Sum(), Loss = Sum(loss * tensor(all)), CommentLoss = Sum(loss * weight) };
        if (draft is null) return sums;
        Tensor q = Law(draft, tokens);
        sums.Accepted = Sum(minimum(p, q).exp().sum(-1) * weight);
        sums.Agreed = Sum(p.argmax(-1).eq(q.argmax(-1)).to(ScalarType.Float32) * weight);
        return sums;
    }

    private static Tensor Law(LlamaNet net, Tensor tokens) => nn.functional.log_softmax(net.Logits(net.Hidden(tokens)).to(ScalarType.Float32), -1);

    private static double Sum(Tensor values) => values.sum(ScalarType.Float64).item<double>();
}
