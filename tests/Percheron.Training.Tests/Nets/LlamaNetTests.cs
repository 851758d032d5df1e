using Percheron.Training.Nets;
using Percheron.Training.Runs;
using Percheron.Training.Tests.Support;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Nets;

public class LlamaNetTests
{
    [TorchFact]
    public void Sizes_are_those_promised()
    {
        Assert.InRange(LlamaShape.Target.Parameters, 8_000_000, 15_000_000);
        Assert.InRange(LlamaShape.Draft.Parameters, 500_000, 1_500_000);
        foreach (LlamaShape shape in (LlamaShape[])[LlamaShape.Target, LlamaShape.Draft, Small.Shape])
            Assert.Equal(shape.Parameters, shape.Tensors().Sum(tensor => (long)tensor.Rows * Math.Max(1, tensor.Columns)));
    }

    [TorchFact]
    public void Equals_a_forward_pass_written_out_by_hand()
    {
        using var net = new LlamaNet(Small.Shape, 3, ScalarType.Float32);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        int[] tokens = [5, 17, 17, 250, 0, 99];
        foreach (Tensor norm in net.Tensors.Values.Where(tensor => tensor.dim() == 1)) norm.add_(rand(norm.shape));
        foreach (Tensor matrix in net.Tensors.Values.Where(tensor => tensor.dim() == 2)) matrix.mul_(5);
        float[] logits = net.Logits(net.Hidden(tensor(tokens.Select(id => (long)id).ToArray(), 1, tokens.Length))).data<float>().ToArray();
        double[][] expected = HandWritten.Logits(net, tokens);
        for (int t = 0; t < tokens.Length; t++)
            for (int v = 0; v < Small.Shape.Vocab; v++)
                Assert.Equal(expected[t][v], logits[t * Small.Shape.Vocab + v], 1e-3 * (1 + Math.Abs(expected[t][v])));
    }

    [TorchFact]
    public void A_document_mask_hides_earlier_documents()
    {
        using var net = new LlamaNet(Small.Shape, 3, ScalarType.Float32);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        Tensor second = tensor(new long[] { 0, 8, 9, 10 }, 1, 4), both = tensor(new long[] { 0, 5, 6, 7, 0, 8, 9, 10 }, 1, 8);
        Tensor alone = net.Hidden(second);
        Tensor masked = net.Hidden(both, Mask(both, ones([1, 1], ScalarType.Int32))).narrow(0, 4, 4);
        Tensor open = net.Hidden(both, Mask(both, zeros([1, 1], ScalarType.Int32))).narrow(0, 4, 4);
        // Rotary positions are relative, so an offset changes nothing but rounding.
        Assert.True((masked - alone).abs().max().item<float>() < 1e-4f);
        Assert.True((open - alone).abs().max().item<float>() > 1e-3f);
    }

    [TorchFact]
    public void Long_rows_are_read_in_chunks_as_short_ones_are()
    {
        using var net = new LlamaNet(Small.Shape with { Context = 300 }, 3, ScalarType.Float32);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        Tensor row = randint(0, Small.Shape.Vocab, [1, 300], ScalarType.Int64);
        Tensor whole = net.Hidden(row).narrow(0, 0, 200), part = net.Hidden(row.narrow(1, 0, 200));
        Assert.True((whole - part).abs().max().item<float>() < 1e-4f);
    }

    [TorchTheory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void A_frozen_network_answers_the_same_and_keeps_answering_it(ScalarType compute)
    {
        using var net = new LlamaNet(Small.Shape, 3, compute);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        Tensor row = randint(0, Small.Shape.Vocab, [2, 20], ScalarType.Int64);
        Tensor expected = net.Logits(net.Hidden(row));
        using LlamaNet frozen = net.Frozen();
        Assert.True(expected.Equals(frozen.Logits(frozen.Hidden(row))));
        using (LlamaNet again = frozen.Frozen()) Assert.True(expected.Equals(again.Logits(again.Hidden(row))));
        Assert.True(expected.Equals(frozen.Logits(frozen.Hidden(row))));
    }

    // A batch's rows have one token more than its inputs.
    private static Tensor Mask(Tensor inputs, Tensor apart) => new Batch(cat([inputs, inputs.narrow(1, 0, 1)], 1), apart, Key: null).Mask(ScalarType.Float32);
}
