using Percheron.Codecs;
using Percheron.Training.Distillation;
using Percheron.Training.Nets;
using Percheron.Training.Runs;
using Percheron.Training.Tests.Support;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Distillation;

public class DistilTests
{
    [TorchTheory]
    [InlineData(DistillationData.Corpus)]
    [InlineData(DistillationData.Teacher)]
    [InlineData(DistillationData.Student)]
    [InlineData(DistillationData.Mixed)]
    public void Is_zero_between_equals_and_pulls_the_draft_only(DistillationData data)
    {
        LlamaShape shape = Small.Shape with { Context = 80 };
        using var target = new LlamaNet(shape, 1, ScalarType.Float32);
        using LlamaNet equal = target.Replica();
        using var draft = new LlamaNet(shape with { Layers = 1 }, 2, ScalarType.Float32);
        var distil = new Distil(target, Divergence.Named("forward-kl"), data);
        using DisposeScope scope = NewDisposeScope();
        var batch = new Batch(randint(1, shape.Vocab, [2, 81], ScalarType.Int64), ones([2, 1], ScalarType.Int32), Key: 11);

        Assert.Equal(0, distil.Loss(equal, batch).item<float>(), 1e-5f);
        Tensor loss = distil.Loss(draft, batch);
        Assert.True(loss.item<float>() > 0);
        loss.backward();
        Assert.All(draft.Tensors.Values, tensor => Assert.NotNull(tensor.grad));
        Assert.All(target.Tensors.Values, tensor => Assert.Null(tensor.grad));
        // The same pass draws the same text, so a resumed run repeats it.
        Assert.Equal(loss.item<float>(), distil.Loss(draft, batch).item<float>());
    }

    [TorchFact]
    public void A_guided_targets_law_is_that_of_the_pair()
    {
        LlamaShape shape = Small.Shape with { Context = 80 };
        var codes = new CodeLayout { Kind = CodeLayout.Image, First = 200, Count = 100, Begin = 198, Blank = 199, Width = 4, Height = 4 };
        using var target = new LlamaNet(shape, 1, ScalarType.Float32);
        using LlamaNet equal = target.Replica();
        using DisposeScope scope = NewDisposeScope();
        Tensor rows = cat([zeros([1, 1], ScalarType.Int64), randint(1, 198, [1, 7], ScalarType.Int64), full([1, 1], 198L, ScalarType.Int64), randint(200, 300, [1, 16], ScalarType.Int64)], 1);
        var batch = new Batch(rows, ones([1, 1], ScalarType.Int32), Key: 11);
        Distil Guided(float scale) => new(target, Divergence.Named("forward-kl"), DistillationData.Corpus) { Guidance = (codes, scale) };
        Assert.Equal(0, Guided(1).Loss(equal, batch).item<float>(), 1e-5f);

        Tensor blanked = rows.clone();
        blanked.narrow(1, 1, 7).fill_(199L);
        Tensor Logits(Tensor ids) => target.Logits(target.Hidden(ids.narrow(1, 0, 24), batch.Mask(ScalarType.Float32)));
        Tensor without = Logits(blanked), with = Logits(rows);
        Tensor law = nn.functional.log_softmax(without + (3 * (with - without)), -1);
        float expected = Divergence.Named("forward-kl").PerRow(law, nn.functional.log_softmax(with, -1)).mean().item<float>();
        Assert.True(expected > 0);
        Assert.Equal(expected, Guided(3).Loss(equal, batch).item<float>(), 1e-5f);
    }
}
