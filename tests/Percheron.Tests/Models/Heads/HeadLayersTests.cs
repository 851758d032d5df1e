using Percheron.Formats;
using Percheron.Kernels;
using Percheron.Models;
using Percheron.Models.Heads;
using Xunit;

namespace Percheron.Tests.Models.Heads;

public sealed class HeadLayersTests
{
    /// <summary>A file with all tensors of a model, read as a head's layers, answers as the model does, bit by bit.</summary>
    [Theory]
    [InlineData(TensorType.F32)]
    [InlineData(TensorType.Q8_0)]
    public void Layers_do_what_a_models_layers_do(TensorType type)
    {
        TinyModel model = TinyModel.Llama with { Type = type };
        using TinyFile targetFile = model.Build(), headFile = (model with { Architecture = "eagle" }).Build();
        using Transformer target = targetFile.Load();
        using HeadLayers layers = HeadLayers.Load(new HeadTensors(headFile.Gguf, target), target.Team);
        int[] tokens = ModelRunner.Tokens(9, target.Vocab);
        float[][] expected = ModelRunner.Sequence(target, tokens);
        using KvCache cache = layers.NewCache();
        Rows rows = new();
        float[] embedding = new float[target.HiddenSize];
        rows.Reset(cache, new FeatureSet(3));
        for (int i = 0; i < tokens.Length; i++)
        {
            target.ReadEmbedding(tokens[i], embedding);
            rows.AddHidden(embedding, 0, i - 1, logits: true);
        }
        layers.Forward([rows]);
        for (int i = 0; i < tokens.Length; i++) Assert.Equal(expected[i], rows.Logits(i).ToArray());
    }

    /// <summary>A head without norm and projection of its own borrows the target's.</summary>
    [Fact]
    public void What_is_missing_is_the_targets()
    {
        using TinyFile targetFile = TinyModel.Llama.Build(), headFile = LayeredHead.Mtp.Build();
        using Transformer target = targetFile.Load();
        using HeadLayers layers = HeadLayers.Load(new HeadTensors(headFile.Gguf, target), target.Team);
        using KvCache cache = layers.NewCache();
        Rows rows = new();
        rows.Reset(cache, new FeatureSet(1, 2));
        rows.AddHidden(new float[256], 0, -1, logits: false);
        float[] state = new float[256];
        HeadChecks.State(3, state);
        rows.AddHidden(state, 0, 0, logits: true);
        layers.Forward([rows]);
        Assert.Equal(target.Vocab, rows.Logits(1).Length);
        float[] norm = targetFile.Gguf.ReadFloats(targetFile.Gguf.Tensor("output_norm.weight"));
        float scale = rows.Feature(1, 1)[0] / (rows.Feature(1, 0)[0] * norm[0]);
        for (int i = 0; i < norm.Length; i++) Assert.Equal(rows.Feature(1, 0)[i] * norm[i] * scale, rows.Feature(1, 1)[i], 1e-4f);
    }

    /// <summary>What stands beside the stream is read by the first attention, before the stream: with no weight on the stream and the normalized stream beside it, the answer is that of a plain layer.</summary>
    [Fact]
    public unsafe void What_stands_beside_the_stream_is_read_first()
    {
        TinyModel model = TinyModel.Llama with { Layers = 1 };
        using TinyFile targetFile = model.Build(), headFile = Beside(targetFile.Gguf);
        using Transformer target = targetFile.Load();
        using HeadLayers layers = HeadLayers.Load(new HeadTensors(headFile.Gguf, target), target.Team, beside: target.HiddenSize);
        Assert.Equal(2 * target.HiddenSize, layers.EntrySize);
        int[] tokens = ModelRunner.Tokens(9, target.Vocab);
        float[][] expected = ModelRunner.Sequence(target, tokens);
        using KvCache cache = layers.NewCache();
        Rows rows = new();
        float[] entry = new float[2 * target.HiddenSize], norm = targetFile.Gguf.ReadFloats(targetFile.Gguf.Tensor("blk.0.attn_norm.weight"));
        rows.Reset(cache);
        for (int i = 0; i < tokens.Length; i++)
        {
            target.ReadEmbedding(tokens[i], entry.AsSpan(0, target.HiddenSize));
            fixed (float* stream = entry, weights = norm) RmsNorm.Apply(stream, weights, target.HiddenSize, 1e-5f, stream + target.HiddenSize);
            rows.AddHidden(entry, 0, i - 1, logits: true);
        }
        layers.Forward([rows]);
        for (int i = 0; i < tokens.Length; i++)
            for (int token = 0; token < target.Vocab; token++) Assert.Equal(expected[i][token], rows.Logits(i)[token], 1e-4f);
    }

    [Fact]
    public void A_row_of_another_width_is_refused()
    {
        using TinyFile targetFile = TinyModel.Llama.Build(), headFile = LayeredHead.Mtp.Build();
        using Transformer target = targetFile.Load();
        using HeadLayers layers = HeadLayers.Load(new HeadTensors(headFile.Gguf, target), target.Team);
        using KvCache cache = layers.NewCache();
        Rows rows = new();
        rows.Reset(cache);
        rows.AddHidden(new float[255], 0, -1, logits: true);
        Assert.Contains("255 floats", Assert.Throws<ArgumentException>(() => layers.Forward([rows])).Message, StringComparison.Ordinal);
    }

    private static TinyFile Beside(GgufFile plain)
    {
        GgufWriter writer = new();
        foreach ((string key, GgufValue value) in plain.Metadata) writer.Add(key == "general.architecture" ? key : key.Replace("llama.", "eagle3.", StringComparison.Ordinal), key == "general.architecture" ? "eagle3" : value);
        foreach (TensorInfo tensor in plain.Tensors)
        {
            float[] values = plain.ReadFloats(tensor);
            int columns = (int)tensor.Columns;
            long[] shape = [.. tensor.Dimensions];
            if (tensor.Name is "blk.0.attn_q.weight" or "blk.0.attn_k.weight" or "blk.0.attn_v.weight")
            {
                values = [.. values.Chunk(columns).SelectMany(row => row.Concat(new float[columns]))];
                shape[0] = 2 * columns;
            }
            writer.AddTensor(tensor.Name, TensorType.F32, shape, values.AsMemory());
        }
        return TinyFile.Write(writer);
    }
}
