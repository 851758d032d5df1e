using Percheron.Training.Runs;
using Percheron.Training.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Runs;

public class CheckpointTests
{
    [TorchFact]
    public void Comes_back_as_written_and_damage_is_named()
    {
        string path = Path.GetTempFileName();
        using Tensor a = tensor(new float[] { 1, 2, 3, float.Epsilon }, 2, 2), b = tensor(new float[] { -0f }), a2 = zeros(2, 2), b2 = zeros(1);
        Checkpoint.Save(path, new RunState { Step = 12, Seed = ulong.MaxValue }, [("a", a), ("b", b)]);
        RunState state = Checkpoint.Load<RunState>(path, [("a", a2), ("b", b2)]);
        Assert.Equal((12L, ulong.MaxValue), (state.Step, state.Seed));
        Assert.Equal(a.data<float>().ToArray(), a2.data<float>().ToArray());
        Assert.True(float.IsNegative(b2.item<float>()));
        Assert.Equal(12, Checkpoint.Header<RunState>(path).Step);
        Assert.Throws<InvalidDataException>(() => Checkpoint.Load<RunState>(path, [("a", a2), ("c", b2)]));
        Assert.False(File.Exists(path + ".partial"));

        File.WriteAllText(path, "this is not a checkpoint");
        Assert.Throws<InvalidDataException>(() => Checkpoint.Header<RunState>(path));
        File.Delete(path);
    }
}
