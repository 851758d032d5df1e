using Percheron.Formats;
using Percheron.Models;
using Xunit;

namespace Percheron.Tests.Models;

/// <summary>A forward allocates nothing once its buffers have grown.</summary>
[Collection(nameof(ForwardAllocationTests))]
[CollectionDefinition(nameof(ForwardAllocationTests), DisableParallelization = true)]
public sealed class ForwardAllocationTests
{
    [Theory]
    [InlineData("llama", TensorType.Q8_0, 1)]
    [InlineData("llama", TensorType.Q5_0, 1)]
    [InlineData("gpt2", TensorType.F32, 1)]
    [InlineData("llama", TensorType.Q4_K, 1)]
    [InlineData("llama", TensorType.Q6_K, 1)]
    [InlineData("llama", TensorType.Q4_0, 1)]
    [InlineData("qwen3", TensorType.F32, 1)]
    [InlineData("llama", TensorType.Q8_0, 2)]
    [InlineData("qwen3", TensorType.Q4_K, 2)]
    public void Steps_allocate_nothing(string architecture, TensorType type, int threads)
    {
        using TinyFile file = (TinyModel.Of(architecture) with { Type = type, Context = 512 }).Build();
        using Transformer model = file.Load(threads, CacheType.F16);
        using ModelView view = model.View([0]);
        using KvCache cache = model.NewCache(), second = model.NewCache(), overlay = second.NewOverlay();
        Rows[] batch = [new(), new()];
        Rows draft = new();
        FeatureSet features = new(1, 3);
        for (int step = 0; step < 70; step++) Step();
        // Every thread counts: the workers of the team allocate in their own names.
        long before = GC.GetTotalAllocatedBytes(precise: true), own = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 0; step < 20; step++) Step();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - own);
        if (threads > 1) Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 4096);

        void Step()
        {
            draft.Reset(overlay);
            draft.Add(3, -1, logits: true);
            draft.Add(4, 0, logits: true);
            view.Forward(new ReadOnlySpan<Rows>(in draft));
            overlay.Commit([]);
            batch[0].Reset(cache, features);
            batch[1].Reset(second);
            for (int i = 0; i < 5; i++) batch[0].Add(i, i < 3 ? i - 1 : 0, logits: true);
            for (int i = 0; i < 2; i++) batch[1].Add(i, -1, logits: i == 0);
            model.Forward(batch);
            cache.Commit([0, 3]);
            second.Commit([1]);
        }
    }
}
