using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Heads;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Runs;
using Percheron.Training.Tests.Support;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using HeadFile = Percheron.Models.Heads.HeadFile;

namespace Percheron.Training.Tests.Export;

/// <summary>EAGLE and EAGLE-3 heads in the layouts they are published in, with random weights, against the networks they were written from.</summary>
public sealed class PublishedEagleTests : IDisposable
{
    private const int Root = 4, Depth = 3;

    private static readonly LlamaShape Shape = Small.Shape with { Layers = 8 };

    private readonly Folder _folder = new();
    private readonly LlamaNet _model = new(Shape, 3, ScalarType.Float32);
    private readonly TargetHead _target;
    private readonly GgufFile _file;
    private readonly Transformer _runtime;

    public PublishedEagleTests()
    {
        GgufModel.Write(_folder.File("target.gguf"), _model, Small.Vocabulary(), TensorType.F32, "Small");
        _target = new TargetHead(_folder.File("target.gguf"), ScalarType.Float32);
        _file = GgufFile.Open(_folder.File("target.gguf"));
        _runtime = Transformer.Load(_file, new ModelOptions { Threads = 1 });
    }

    [TorchTheory]
    [InlineData(false, "F32", 2e-4)]
    [InlineData(false, "F16", 2e-2)]
    [InlineData(true, "F32", 2e-4)]
    [InlineData(true, "BF16", 1e-1)]
    public void The_published_layout_gives_the_networks_logits(bool third, string type, double tolerance)
    {
        using IDisposable fixedValues = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using FeatureNet net = Net(third);
        Write(net, type);
        // Low, middle and high as the authors' own checkpoints read them.
        int[] states = third ? [2, 4, 5] : [9];
        long[] tokens = [.. Enumerable.Range(0, Root + Depth + 1).Select(i => (long)(i * 11 % Shape.Vocab))];
        Batch batch = RowsWithStates.Of(_model, new Batch(tensor(tokens, 1, tokens.Length), zeros([1, 1], ScalarType.Int32), Key: null));
        Tensor given = cat([.. states.Select(batch.State)], 2), next = given;
        var unrolling = new FeatureUnrolling(net, batch);
        using HeadFile head = HeadFile.Open(_folder.Path, _runtime);
        float[][] answers = Answers(head.Head, tokens, given.contiguous().data<float>().ToArray());
        int[] known = net is Eagle3Net eagle3 ? [.. eagle3.Tokens] : [.. Enumerable.Range(0, Shape.Vocab)];
        for (int pass = 0; pass < Depth; pass++)
        {
            next = unrolling.Next(unrolling.Behind(next));
            float[] trained = net.Logits(next[0, Root + pass].unsqueeze(0)).data<float>().ToArray();
            double scale = trained.Max(Math.Abs);
            for (int i = 0; i < known.Length; i++) Assert.Equal(trained[i], answers[pass][known[i]], tolerance * scale);
        }
    }

    [TorchTheory]
    [InlineData("num_attention_heads", "0", "num_attention_heads")]
    [InlineData("num_key_value_heads", "3", "cannot share 3 key heads")]
    [InlineData("hidden_size", "128", "128 floats")]
    [InlineData("rope_scaling", "{\"type\": \"dynamic\"}", "rope scaling 'dynamic'")]
    [InlineData("num_hidden_layers", "2", "layers.1.input_layernorm.weight")]
    [InlineData("head_dim", "15", "heads of 15")]
    public void What_is_wrong_is_said(string key, string value, string message)
    {
        using (FeatureNet net = Net(third: false)) Write(net, "F32", (key, value));
        Assert.Contains(message, Assert.Throws<ModelFormatException>(() => HeadFile.Open(_folder.Path, _runtime)).Message, StringComparison.Ordinal);
    }

    [TorchFact]
    public void Damage_is_refused()
    {
        using (FeatureNet net = Net(third: true)) Write(net, "F32");
        byte[] good = File.ReadAllBytes(_folder.File("model.safetensors"));
        var random = new Random(4);
        for (int round = 0; round < 60; round++)
        {
            byte[] bad = round % 10 == 0 ? good[..random.Next(1, good.Length)] : (byte[])good.Clone();
            for (int i = 0; i < 3; i++) bad[random.Next(Math.Min(bad.Length, 2000))] = (byte)random.Next(256);
            File.WriteAllBytes(_folder.File("model.safetensors"), bad);
            try
            {
                HeadFile.Open(_folder.Path, _runtime).Dispose();
            }
            catch (ModelFormatException)
            {
            }
        }
    }

    public void Dispose()
    {
        _runtime.Dispose();
        _file.Dispose();
        _target.Dispose();
        _model.Dispose();
        _folder.Dispose();
    }

    private FeatureNet Net(bool third)
    {
        LlamaShape layer = Shape with { Layers = 1, FeedForward = 80 };
        FeatureNet net = third ? new Eagle3Net(_target, layer, 3, [.. Enumerable.Range(0, 100).Select(i => (3 * i) + 1)], 9, ScalarType.Float32) : new EagleNet(_target, layer, predicts: false, 9, ScalarType.Float32);
        using IDisposable fixedValues = no_grad();
        using var generator = new Generator(9);
        foreach (Tensor value in net.Tensors.Values) value.add_(randn(value.shape, generator: generator).mul_(0.1));
        return net;
    }

    private static float[][] Answers(IHead head, long[] tokens, float[] told)
    {
        using HeadCache cache = head.NewHeadCache();
        for (int position = 0; position < Root; position++) told.AsSpan(position * cache.StateFloats, cache.StateFloats).CopyTo(cache.Tell(position));
        var rows = new Rows();
        rows.Reset(cache);
        for (int i = 0; i < Root + Depth; i++) rows.Add((int)tokens[i], i - 1, logits: i >= Root);
        head.Forward([rows]);
        return [.. Enumerable.Range(Root, Depth).Select(row => rows.Logits(row).ToArray())];
    }

    private void Write(FeatureNet net, string type, (string Key, string Value)? other = null)
    {
        bool third = net is Eagle3Net;
        var config = new Dictionary<string, string>
        {
            ["architectures"] = third ? "[\"LlamaForCausalLMEagle3\"]" : "[\"LlamaForCausalLM\"]", ["hidden_size"] = $"{Shape.Width}", ["intermediate_size"] = "80", ["num_attention_heads"] = $"{Shape.Heads}",
            ["num_key_value_heads"] = $"{Shape.KeyHeads}", ["num_hidden_layers"] = "1", ["rms_norm_eps"] = "1e-05", ["vocab_size"] = $"{Shape.Vocab}", ["max_position_embeddings"] = "64",
        };
        if (third) config["draft_vocab_size"] = "100";
        if (other is { } changed) config[changed.Key] = changed.Value;
        File.WriteAllText(_folder.File("config.json"), "{" + string.Join(", ", config.Select(pair => $"\"{pair.Key}\": {pair.Value}")) + "}");
        var description = new Dictionary<string, object>();
        using var data = new MemoryStream();
        foreach ((string name, Tensor value) in net.Tensors) Add(Published(name, third), type, value.shape, Stored(Turned(name, value), type));
        if (net is Eagle3Net eagle3)
        {
            Add("d2t", "I64", [100], MemoryMarshal.AsBytes(eagle3.Tokens.Select((token, i) => (long)(token - i)).ToArray().AsSpan()).ToArray());
            Add("t2d", "BOOL", [Shape.Vocab], [.. Enumerable.Range(0, Shape.Vocab).Select(token => (byte)(eagle3.Tokens.Contains(token) ? 1 : 0))]);
        }
        byte[] header = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(description)), length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        File.WriteAllBytes(_folder.File("model.safetensors"), [.. length, .. header, .. data.ToArray()]);

        void Add(string name, string dtype, long[] shape, byte[] bytes)
        {
            description.Add(name, new { dtype, shape, data_offsets = (long[])[data.Length, data.Length + bytes.Length] });
            data.Write(bytes);
        }
    }

    private static string Published(string name, bool third)
    {
        string layer = third ? "midlayer" : "layers.0";
        return name switch
        {
            "fc.weight" => name,
            "enorm.weight" => "midlayer.input_layernorm.weight",
            "output_norm.weight" => "norm.weight",
            "output.weight" => "lm_head.weight",
            "blk.0.attn_norm.weight" => "midlayer.hidden_norm.weight",
            "blk.0.ffn_norm.weight" => $"{layer}.post_attention_layernorm.weight",
            "blk.0.attn_output.weight" => $"{layer}.self_attn.o_proj.weight",
            _ when name.Contains("attn_", StringComparison.Ordinal) => $"{layer}.self_attn.{name[11]}_proj.weight",
            _ => $"{layer}.mlp.{name[10..^7]}_proj.weight",
        };
    }

    // Rotary pairs half a head apart: the even rows of each head first, then the odd ones.
    private static Tensor Turned(string name, Tensor value) => name is "blk.0.attn_q.weight" or "blk.0.attn_k.weight"
        ? value.view(-1, Shape.HeadSize / 2, 2, value.shape[1]).transpose(1, 2).reshape(value.shape).contiguous()
        : value;

    private static byte[] Stored(Tensor value, string type)
    {
        float[] values = value.data<float>().ToArray();
        return type switch
        {
            "F16" => MemoryMarshal.AsBytes(Array.ConvertAll(values, v => (Half)v).AsSpan()).ToArray(),
            "BF16" => MemoryMarshal.AsBytes(Array.ConvertAll(values, v => (ushort)(BitConverter.SingleToUInt32Bits(v) >> 16)).AsSpan()).ToArray(),
            _ => MemoryMarshal.AsBytes(values.AsSpan()).ToArray(),
        };
    }
}
