using Percheron.Formats;
using Percheron.Models;
using Xunit;

namespace Percheron.Tests.Models;

public class KeptOutputsTests
{
    public static TheoryData<string, TensorType, TensorType?> Cases => new()
    {
        { "llama", TensorType.F32, null }, { "qwen2", TensorType.F16, null }, { "phi3", TensorType.BF16, null }, { "llama", TensorType.Q8_0, null }, { "gpt2", TensorType.Q8_0, null }, { "qwen3", TensorType.Q4_0, null },
        { "phi3", TensorType.Q4_K, null }, { "llama", TensorType.Q6_K, null }, { "llama", TensorType.Q5_0, null }, { "llama", TensorType.Q8_0, TensorType.Q4_0 }, { "llama", TensorType.F32, TensorType.Q8_0 }, { "qwen2", TensorType.Q8_0, TensorType.Q8_0 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Kept_logits_have_the_bits_of_the_whole_output_and_all_others_are_impossible(string architecture, TensorType type, TensorType? precision)
    {
        using TinyFile file = (TinyModel.Of(architecture) with { Type = type }).Build();
        using Transformer model = file.Load(2);
        using ModelView whole = model.View(new ViewOptions { Precision = precision });
        int[] prompt = ModelRunner.Tokens(9, model.Vocab);
        float[][] expected = ModelRunner.Sequence(whole, prompt, 5, 1);
        foreach (int[] kept in new int[][] { [0], [model.Vocab - 1], [.. Enumerable.Range(0, model.Vocab).Where(t => t % 3 != 1)], [.. Enumerable.Range(0, model.Vocab)] })
        {
            using ModelView view = model.View(new ViewOptions { Precision = precision, Tokens = kept });
            // What was garbage in the buffers before must not show through.
            for (int again = 0; again < 2; again++)
            {
                float[][] logits = ModelRunner.Sequence(view, prompt, 5, 1);
                for (int row = 0; row < prompt.Length; row++)
                    for (int token = 0; token < model.Vocab; token++)
                        Assert.Equal(BitConverter.SingleToInt32Bits(kept.Contains(token) ? expected[row][token] : float.NegativeInfinity), BitConverter.SingleToInt32Bits(logits[row][token]));
            }
            Assert.True(kept.Length == model.Vocab || view.WeightBytes < whole.WeightBytes);
        }
    }

    [Fact]
    public void It_reads_the_cache_of_its_model_in_a_batch_too()
    {
        using TinyFile file = (TinyModel.Llama with { Type = TensorType.Q8_0 }).Build();
        using Transformer model = file.Load(2);
        int[] kept = [1, 2, 5, 8, 13, 21];
        using ModelView view = model.View(new ViewOptions { Tokens = kept });
        using KvCache first = model.NewCache(), second = model.NewCache();
        ModelRunner.Sequence(model, first, [1, 2, 3]);
        ModelRunner.Sequence(model, second, [4, 5]);
        float[][] expected = [.. Answers(model, first, second)], answers = [.. Answers(view, first.NewOverlay(), second.NewOverlay())];
        for (int row = 0; row < expected.Length; row++)
            Assert.Equal(Enumerable.Range(0, model.Vocab).Select(token => kept.Contains(token) ? expected[row][token] : float.NegativeInfinity), answers[row]);
    }

    [Fact]
    public void Tokens_that_make_no_sense_are_refused()
    {
        using TinyFile file = TinyModel.Llama.Build();
        using Transformer model = file.Load();
        foreach (int[] tokens in new int[][] { [], [1, 1], [2, 1], [-1], [model.Vocab] })
            Assert.Throws<ArgumentException>(() => model.View(new ViewOptions { Tokens = tokens }));
    }

    private static IEnumerable<float[]> Answers(IModel model, KvCache first, KvCache second)
    {
        Rows one = new(), two = new();
        one.Reset(first);
        two.Reset(second);
        one.Add(7, -1, logits: false);
        one.Add(8, 0, logits: true);
        one.Add(9, 0, logits: true);
        two.Add(3, -1, logits: true);
        model.Forward([one, two]);
        float[][] answers = [one.Logits(1).ToArray(), one.Logits(2).ToArray(), two.Logits(0).ToArray()];
        first.Commit([]);
        second.Commit([]);
        return answers;
    }
}
