using Percheron.Formats;
using Percheron.Models;
using Xunit;

namespace Percheron.Tests.Models;

public class WeightConverterTests
{
    [Theory]
    [InlineData("llama", TensorType.Q8_0)]
    [InlineData("llama", TensorType.Q4_0)]
    [InlineData("qwen2", TensorType.Q4_0)]
    [InlineData("phi3", TensorType.Q4_K)]
    [InlineData("gpt2", TensorType.BF16)]
    public void A_converted_view_is_the_model_of_the_converted_file_but_for_embeddings(string architecture, TensorType type)
    {
        TinyModel tiny = TinyModel.Of(architecture) with { Tied = false };
        using TinyFile file = tiny.Build(), converted = TinyFile.Write(Converted(file.Gguf, type));
        using Transformer model = file.Load(2), expected = converted.Load();
        using ModelView view = model.View(new ViewOptions { Precision = type });
        using KvCache own = view.NewCache(), other = expected.NewCache(), cache = model.NewCache(), overlay = cache.NewOverlay();
        float[] hidden = new float[model.HiddenSize];
        model.ReadEmbedding(7, hidden);
        Assert.Equal(FromHidden(expected, other, hidden), FromHidden(view, own, hidden));
        // Over the rows of the target it answers something else than the target, but not much else.
        ModelRunner.Sequence(model, cache, [1, 2, 3, 4, 5]);
        float[] drafted = FromHidden(view, overlay, hidden), whole = FromHidden(model, cache, hidden);
        Assert.NotEqual(whole, drafted);
        Assert.True(whole.Zip(drafted).Average(p => Math.Abs(p.First - p.Second)) < 0.3 * whole.Average(Math.Abs));
        Assert.True(view.WeightBytes < model.WeightBytes);
    }

    [Fact]
    public void What_is_stored_so_already_is_shared()
    {
        using TinyFile file = (TinyModel.Llama with { Type = TensorType.Q8_0 }).Build();
        using Transformer model = file.Load();
        using ModelView view = model.View(new ViewOptions { Precision = TensorType.Q8_0 });
        Assert.Equal(ModelRunner.Sequence(model, [1, 2, 3]), ModelRunner.Sequence(view, [1, 2, 3]));
    }

    [Fact]
    public void Types_without_a_packed_form_are_refused()
    {
        using TinyFile file = TinyModel.Llama.Build();
        using Transformer model = file.Load();
        Assert.Contains("q4_0", Assert.Throws<ArgumentException>(() => model.View(new ViewOptions { Precision = TensorType.F16 })).Message, StringComparison.Ordinal);
    }

    private static GgufWriter Converted(GgufFile file, TensorType type)
    {
        GgufWriter writer = new();
        foreach ((string key, GgufValue value) in file.Metadata) writer.Add(key, value);
        foreach (TensorInfo tensor in file.Tensors)
        {
            float[] values = file.ReadFloats(tensor);
            writer.AddTensor(tensor.Name, tensor.Dimensions.Length > 1 && !tensor.Name.Contains("embd", StringComparison.Ordinal) ? type : tensor.Type, [.. tensor.Dimensions], values.AsMemory());
        }
        return writer;
    }

    private static float[] FromHidden(IModel model, KvCache cache, float[] hidden)
    {
        Rows rows = new();
        rows.Reset(cache);
        rows.AddHidden(hidden, 0, -1, logits: false);
        rows.AddHidden(hidden, 0, 0, logits: true);
        model.Forward([rows]);
        float[] answer = rows.Logits(1).ToArray();
        cache.Commit([]);
        return answer;
    }
}
