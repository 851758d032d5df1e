using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Heads;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Tests.Support;
using Xunit;
using static TorchSharp.torch;
using HeadFile = Percheron.Models.Heads.HeadFile;

namespace Percheron.Training.Tests.Export;

/// <summary>Medusa heads in the layout they are published in, with random weights, against the network they were written from.</summary>
public sealed class PublishedMedusaTests : IDisposable
{
    private const int Heads = 3, Layers = 2;

    private readonly Folder _folder = new();
    private readonly LlamaNet _model = new(Small.Shape, 3, ScalarType.Float32);
    private readonly TargetHead _target;
    private readonly GgufFile _file;
    private readonly Transformer _runtime;

    public PublishedMedusaTests()
    {
        GgufModel.Write(_folder.File("target.gguf"), _model, Small.Vocabulary(), TensorType.F32, "Small");
        _target = new TargetHead(_folder.File("target.gguf"), ScalarType.Float32);
        _file = GgufFile.Open(_folder.File("target.gguf"));
        _runtime = Transformer.Load(_file, new ModelOptions { Threads = 1 });
        File.WriteAllText(_folder.File("config.json"), $$"""{"base_model_name_or_path": "somebody/small", "medusa_num_heads": {{Heads}}, "medusa_num_layers": {{Layers}}, "version": "2"}""");
    }

    [TorchTheory]
    [InlineData("medusa_lm_head.safetensors", "", "F32", 2e-4)]
    [InlineData("medusa_lm_head.safetensors", "", "F16", 2e-2)]
    [InlineData("model.safetensors", "medusa_head.", "BF16", 1e-1)]
    public void The_published_layout_gives_the_networks_logits(string file, string prefix, string type, double tolerance)
    {
        using IDisposable fixedValues = no_grad();
        using MedusaNet net = Random();
        Write(file, net, prefix, type);
        Tensor state = randn([1, 6, Small.Shape.Width]), tokens = randint(0, Small.Shape.Vocab, [1, 7], ScalarType.Int64);
        float[][] trained = [.. net.Logits(state, tokens).Select(logits => logits[0, 1].data<float>().ToArray())];
        using HeadFile head = HeadFile.Open(_folder.Path, _runtime);
        Assert.Equal(Heads, head.Head.MaxDepth);
        using HeadCache cache = head.Head.NewHeadCache();
        for (int position = 0; position < 2; position++) state[0, position].data<float>().ToArray().CopyTo(cache.Tell(position));
        var rows = new Rows();
        rows.Reset(cache);
        for (int i = 0; i < 2 + Heads; i++) rows.Add(i, i - 1, logits: i >= 2);
        head.Head.Forward([rows]);
        for (int k = 0; k < Heads; k++)
        {
            double scale = trained[k].Max(Math.Abs);
            for (int v = 0; v < trained[k].Length; v++) Assert.Equal(trained[k][v], rows.Logits(2 + k)[v], tolerance * scale);
        }
    }

    [TorchFact]
    public void Pickles_are_refused()
    {
        File.WriteAllText(_folder.File("medusa_lm_head.pt"), "a pickle");
        string message = Assert.Throws<ModelFormatException>(() => HeadFile.Open(_folder.Path, _runtime)).Message;
        Assert.Contains("medusa_lm_head.pt", message, StringComparison.Ordinal);
        Assert.Contains("safetensors.torch.save_file", message, StringComparison.Ordinal);
    }

    [TorchTheory]
    [InlineData("{}", "no head of a known layout")]
    [InlineData("[1]", "no head of a known layout")]
    [InlineData("{\"medusa_num_heads\": ", "malformed")]
    [InlineData("{\"medusa_num_heads\": 1000000}", "1 to 64")]
    [InlineData("{\"medusa_num_heads\": \"3\"}", "1 to 64")]
    [InlineData("{\"medusa_num_heads\": 4, \"medusa_num_layers\": 2}", "3.0.linear.weight")]
    [InlineData("{\"medusa_num_heads\": 3, \"medusa_num_layers\": 3}", "0.3.weight")]
    public void What_is_wrong_is_said(string config, string message)
    {
        using (MedusaNet net = Random()) Write("medusa_lm_head.safetensors", net, "", "F32");
        File.WriteAllText(_folder.File("config.json"), config);
        Assert.Contains(message, Assert.Throws<ModelFormatException>(() => HeadFile.Open(_folder.Path, _runtime)).Message, StringComparison.Ordinal);
    }

    [TorchFact]
    public void Damage_is_refused()
    {
        using (MedusaNet net = Random()) Write("medusa_lm_head.safetensors", net, "", "F32");
        byte[] good = File.ReadAllBytes(_folder.File("medusa_lm_head.safetensors"));
        var random = new Random(4);
        for (int round = 0; round < 60; round++)
        {
            byte[] bad = round % 10 == 0 ? good[..random.Next(1, good.Length)] : (byte[])good.Clone();
            for (int i = 0; i < 3; i++) bad[random.Next(Math.Min(bad.Length, 1200))] = (byte)random.Next(256);
            File.WriteAllBytes(_folder.File("medusa_lm_head.safetensors"), bad);
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

    private MedusaNet Random()
    {
        var net = new MedusaNet(_target, Heads, Layers, own: true, seed: 1);
        using IDisposable fixedValues = no_grad();
        using var generator = new Generator(9);
        foreach (Tensor value in net.Tensors.Values) value.add_(randn(value.shape, generator: generator).mul_(0.1));
        return net;
    }

    private void Write(string file, MedusaNet net, string prefix, string type)
    {
        var description = new Dictionary<string, object>();
        using var data = new MemoryStream();
        foreach ((string name, Tensor value) in net.Tensors)
        {
            string[] parts = name.Split('.');
            string published = parts[2] == "blk" ? $"{prefix}{parts[1]}.{parts[3]}.linear.{parts[4]}" : $"{prefix}{parts[1]}.{Layers}.weight";
            byte[] bytes = Stored(value, type);
            description.Add(published, new { dtype = type, shape = value.shape, data_offsets = (long[])[data.Length, data.Length + bytes.Length] });
            data.Write(bytes);
        }
        byte[] header = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(description));
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        File.WriteAllBytes(_folder.File(file), [.. length, .. header, .. data.ToArray()]);
    }

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
