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
}
