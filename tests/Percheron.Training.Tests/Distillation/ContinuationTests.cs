using Percheron.Training.Distillation;
using Percheron.Training.Nets;
using Percheron.Training.Tests.Support;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Distillation;

public class ContinuationTests
{
    [TorchFact]
    public void Keeps_the_prompt_and_depends_on_the_key()
    {
        using var net = new LlamaNet(Small.Shape, 5, ScalarType.Float32);
        using DisposeScope scope = NewDisposeScope();
        Tensor prompt = tensor(new long[] { 1, 2, 3, 4, 5, 6 }, 2, 3);
        Tensor first = Continuation.Draw(net, prompt, 30, key: 9);
        Assert.Equal([2L, 30L], first.shape);
        Assert.True(first.narrow(1, 0, 3).Equals(prompt));
        Assert.True(first.Equals(Continuation.Draw(net, prompt, 30, key: 9)));
        Assert.False(first.Equals(Continuation.Draw(net, prompt, 30, key: 10)));
    }

    [TorchFact]
    public void Stepwise_reading_equals_reading_at_once()
    {
        using var net = new LlamaNet(Small.Shape, 5, ScalarType.Float32);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        Tensor rows = randint(0, Small.Shape.Vocab, [3, 32], ScalarType.Int64);
        Tensor whole = net.Hidden(rows).view(3, 32, Small.Shape.Width);
        using var reader = new StepwiseReader(net, 3);
        for (int position = 0; position < 32; position++)
            Assert.True((reader.Read(rows.narrow(1, position, 1)) - whole.select(1, position)).abs().max().item<float>() < 1e-4f);
    }
}
