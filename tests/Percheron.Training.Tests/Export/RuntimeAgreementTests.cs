using Percheron.Formats;
using Percheron.Models;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Tests.Support;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Export;

/// <summary>The trainer's forward pass and the runtime's are two programs for one function.</summary>
public class RuntimeAgreementTests
{
    // Q8_0: the trainer reads the same stored weights, but the runtime also rounds activations to eight bits.
    [TorchTheory]
    [InlineData(TensorType.F32, 2e-4)]
    [InlineData(TensorType.Q8_0, 0.05)]
    public void Logits_agree(TensorType matrices, double tolerance)
    {
        LlamaShape shape = Small.Shape with { Width = 256, FeedForward = 256, HeadSize = 32, Context = 64 };
        string path = Path.GetTempFileName();
        try
        {
            using (var fresh = new LlamaNet(shape, 6, ScalarType.Float32))
            {
                using IDisposable fixedValues = no_grad();
                foreach (Tensor matrix in fresh.Tensors.Values.Where(tensor => tensor.dim() == 2)) matrix.mul_(3);
                foreach (Tensor norm in fresh.Tensors.Values.Where(tensor => tensor.dim() == 1)) norm.add_(arange(norm.shape[0]).div(norm.shape[0]).to(ScalarType.Float32));
                GgufModel.Write(path, fresh, Small.Vocabulary(), matrices, "Small");
            }
            int[] tokens = [0, .. Enumerable.Range(1, 40).Select(i => i * 7 % shape.Vocab)];
            float[][] trained = Trainer(path, tokens), run = Runtime(path, tokens);
            float scale = trained.Max(row => row.Max(Math.Abs));
            Assert.True(scale > 1);
            for (int t = 0; t < tokens.Length; t++)
                for (int v = 0; v < shape.Vocab; v++)
                    Assert.Equal(trained[t][v], run[t][v], tolerance * scale);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static float[][] Trainer(string path, int[] tokens)
    {
        using LlamaNet net = GgufModel.Read(path, ScalarType.Float32);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        Tensor row = tensor(tokens.Select(id => (long)id).ToArray(), 1, tokens.Length);
        return [.. net.Logits(net.Hidden(row)).data<float>().ToArray().Chunk(net.Shape.Vocab)];
    }

    private static float[][] Runtime(string path, int[] tokens)
    {
        using GgufFile file = GgufFile.Open(path);
        using var model = Transformer.Load(file, new ModelOptions { Threads = 1, CacheType = CacheType.F32 });
        using KvCache cache = model.NewCache();
        var rows = new Rows();
        rows.Reset(cache);
        for (int i = 0; i < tokens.Length; i++) rows.Add(tokens[i], parent: i - 1, logits: true);
        Rows[] batch = [rows];
        model.Forward(batch);
        return [.. Enumerable.Range(0, tokens.Length).Select(i => rows.Logits(i).ToArray())];
    }
}
