using Percheron.Formats;
using Percheron.Models;
using Xunit;

namespace Percheron.Tests.Models;

/// <summary>
/// The arithmetic rule of the runtime: the bits of a row's logits depend on the row and its ancestors only. Everything is compared with one row at a
/// time on one thread.
/// </summary>
public sealed class GroupingTests
{
    public static TheoryData<string, TensorType, CacheType> Cases
    {
        get
        {
            TheoryData<string, TensorType, CacheType> cases = [];
            foreach (string architecture in new[] { "llama", "qwen2", "qwen3", "phi3", "gpt2", "window", "odd" })
            {
                cases.Add(architecture, TensorType.F32, CacheType.F32);
                cases.Add(architecture, TensorType.Q8_0, CacheType.F16);
            }
            foreach (TensorType type in new[]
            {
                TensorType.F16, TensorType.BF16, TensorType.Q8_0, TensorType.Q4_0, TensorType.Q4_1, TensorType.Q5_0, TensorType.Q5_1, TensorType.Q4_K, TensorType.Q5_K, TensorType.Q6_K,
            })
            {
                cases.Add("llama", type, CacheType.F32);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void No_grouping_changes_a_bit(string architecture, TensorType type, CacheType cacheType)
    {
        TinyModel tiny = architecture switch
        {
            "window" => TinyModel.Llama with { Metadata = [("attention.sliding_window", 6u)] },
            "odd" when type == TensorType.Q8_0 => TinyModel.Llama with { Hidden = 96, Heads = 3, KeyHeads = 1, HeadSize = 32, FeedForward = 160, Vocab = 37 },
            "odd" => TinyModel.Llama with { Hidden = 60, Heads = 5, KeyHeads = 5, HeadSize = 12, FeedForward = 91, Vocab = 37 },
            _ => TinyModel.Of(architecture),
        };
        // Types without a product of their own are slow, and share their product.
        bool decoded = type is TensorType.Q4_1 or TensorType.Q5_0 or TensorType.Q5_1 or TensorType.Q5_K;
        if (decoded) tiny = tiny with { Layers = 1, FeedForward = 256 };
        using TinyFile file = (tiny with { Type = type }).Build();
        int[] tokens = ModelRunner.Tokens(GroupingChecks.Length, tiny.Vocab);
        float[][] expected;
        using (Transformer alone = file.Load(1, cacheType)) expected = ModelRunner.Sequence(alone, tokens, 1);
        foreach (int threads in decoded ? new[] { 2 } : [1, 2, 5])
        {
            using Transformer model = file.Load(threads, cacheType);
            GroupingChecks.All(model, tokens, expected);
        }
    }
}
