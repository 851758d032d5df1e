using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Heads;
using Percheron.Training.Corpus;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Recipes;
using Percheron.Training.Runs;
using Percheron.Training.Tests.Support;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Recipes;

/// <summary>Early exits, learned inputs, judges and changed targets, from their training to the runtime.</summary>
public class ExitRecipeTests
{
    private static readonly LlamaShape Shape = Small.Shape with { Width = 256, FeedForward = 256, HeadSize = 32, Context = 64 };

    private static readonly long[] Tokens = [0, .. Enumerable.Range(1, 24).Select(i => (long)(i * 7 % Shape.Vocab))];

    [TorchTheory]
    [InlineData("kangaroo(exit=1)")]
    [InlineData("eesd(exit=1, inner=64)")]
    [InlineData("pass(count=2)")]
    [InlineData("bita(count=2)")]
    [InlineData("judge")]
    [InlineData("layer-skip(exit=1, rotation=1)")]
    [InlineData("cllm(block=4)")]
    [InlineData("cllm(block=4, local=true)")]
    public void Its_loss_falls_and_its_drafter_reads_the_file(string spec)
    {
        using var folder = new Folder();
        using var model = new LlamaNet(Small.Shape, 3, ScalarType.Float32);
        GgufModel.Write(folder.File("target.gguf"), model, Small.Vocabulary(), TensorType.F32, "Small");
        using var target = new TargetHead(folder.File("target.gguf"), ScalarType.Float32);
        var stream = new RowStream(new EncodedCorpus(Small.Documents, Small.Vocabulary()).Train, Small.Shape.Context, 7);
        var rows = new RowsWithStates(model, new DocumentRows(stream, [stream.Row(0).ToArray()]));
        Recipe recipe = RecipeBook.Find(spec);
        double Best(long steps)
        {
            var job = new RecipeJob("small", target, rows, new RunOptions { Steps = steps, Threads = 2, EvaluateEvery = 1 }, new RunFolder(folder.Path), folder.File("made.gguf"), 5);
            Assert.Equal(0, recipe.Train(job));
            return Checkpoint.Header<RunState>(new RunFolder(folder.Path).Best).BestLoss;
        }
        double early = Best(1);
        Assert.True(Best(10) < early);
        using GgufFile file = GgufFile.Open(recipe.ChangedTarget(folder.File("made.gguf")) ?? folder.File("target.gguf"));
        using var runtime = Transformer.Load(file, new ModelOptions { Threads = 1 });
        Assert.NotNull(recipe.Drafter(runtime, folder.File("made.gguf")));
    }

    [TorchTheory]
    [InlineData(0, TensorType.F32, 3e-4)]
    [InlineData(96, TensorType.F32, 3e-4)]
    [InlineData(96, TensorType.Q8_0, 0.06)]
    public void An_exit_answers_as_it_was_trained(int inner, TensorType matrices, double tolerance)
    {
        using var folder = new Folder();
        using TargetHead target = Target(folder);
        ExitRecipe recipe = inner == 0 ? new KangarooRecipe(1) : new EesdRecipe(1, inner);
        using (ExitNet fresh = recipe.Create(target, 4))
        {
            Shake(fresh);
            recipe.Export(fresh, target, folder.File("exit.gguf"), matrices);
        }
        using ExitNet net = recipe.Create(target, 5);
        Training.Export.HeadFile.Read(folder.File("exit.gguf"), net);
        using LlamaNet model = GgufModel.Read(folder.File("target.gguf"), ScalarType.Float32);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        Batch batch = RowsWithStates.Of(model, new Batch(tensor(Tokens, 1, Tokens.Length), zeros([1, 1], ScalarType.Int64), null));
        Tensor state = batch.State(1);
        float[] trained = net.Logits(state, batch.Mask(ScalarType.Float32)).data<float>().ToArray(), states = state.contiguous().data<float>().ToArray();

        using GgufFile file = GgufFile.Open(folder.File("target.gguf"));
        using var runtime = Transformer.Load(file, new ModelOptions { Threads = 1, CacheType = CacheType.F32 });
        using Models.Heads.HeadFile opened = Models.Heads.HeadFile.Open(folder.File("exit.gguf"), runtime);
        var exit = (IExit)opened.Content;
        Assert.Equal((1, Shape.Width), (exit.Layer, exit.StateSize));
        using KvCache cache = exit.NewCache();
        var rows = new Rows();
        rows.Reset(cache);
        for (int i = 0; i + 1 < Tokens.Length; i++) rows.AddHidden(states.AsSpan(i * Shape.Width, Shape.Width), 0, i - 1, logits: true);
        Rows[] asked = [rows];
        exit.Forward(asked);
        Compare([.. trained.Chunk(Shape.Vocab)], i => rows.Logits(i).ToArray(), tolerance);
    }

    [TorchFact]
    public void Learned_inputs_answer_as_they_were_trained()
    {
        using var folder = new Folder();
        using TargetHead target = Target(folder);
        var recipe = new PassRecipe(3);
        using (ExtraNet fresh = recipe.Create(target, 4)) recipe.Export(fresh, target, folder.File("pass.gguf"));
        using ExtraNet net = recipe.Create(target, 5);
        Training.Export.HeadFile.Read(folder.File("pass.gguf"), net);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        float[] trained = net.Logits(tensor(Tokens, 1, Tokens.Length)).contiguous().data<float>().ToArray();

        using GgufFile file = GgufFile.Open(folder.File("target.gguf"));
        using var runtime = Transformer.Load(file, new ModelOptions { Threads = 1, CacheType = CacheType.F32 });
        using Models.Heads.HeadFile opened = Models.Heads.HeadFile.Open(folder.File("pass.gguf"), runtime);
        var inputs = (ExtraInputs)opened.Content;
        using KvCache cache = runtime.NewCache();
        var rows = new Rows();
        rows.Reset(cache);
        for (int i = 0; i < Tokens.Length; i++) rows.Add((int)Tokens[i], i - 1, logits: false);
        for (int i = 0; i < inputs.Count; i++) rows.AddExtra(inputs.First + i, Tokens.Length + i - 1, logits: true);
        Rows[] asked = [rows];
        runtime.Forward(asked);
        Compare([.. trained.Chunk(Shape.Vocab)], i => rows.Logits(Tokens.Length + i).ToArray(), 3e-4);
    }

    [TorchFact]
    public void A_trajectory_ends_where_greedy_decoding_goes()
    {
        using var folder = new Folder();
        using TargetHead target = Target(folder);
        using LlamaNet model = GgufModel.Read(folder.File("target.gguf"), ScalarType.Float32);
        using var objective = new Consistency(GgufModel.Read(folder.File("target.gguf"), ScalarType.Float32), 5, isGlobal: true, 1);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        Tensor text = tensor(Tokens, 1, Tokens.Length);
        long[] end = objective.Trajectory(text, 3)[^1].data<long>().ToArray();
        foreach (long token in end)
        {
            Assert.Equal(token, model.Logits(model.Hidden(text)).narrow(0, text.shape[1] - 1, 1).argmax().item<long>());
            text = cat([text, full([1, 1], token, ScalarType.Int64)], 1);
        }
    }

    [TorchFact]
    public void A_judge_sees_right_tokens_the_target_would_not_have_said_and_wrong_ones_it_would()
    {
        using var folder = new Folder();
        using TargetHead target = Target(folder);
        using LlamaNet model = GgufModel.Read(folder.File("target.gguf"), ScalarType.Float32);
        using var labels = new JudgeLabels(GgufModel.Read(folder.File("target.gguf"), ScalarType.Float32));
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        var batch = new Batch(tensor(Tokens, 1, Tokens.Length), zeros([1, 1], ScalarType.Int64), 9);
        (Tensor state, Tensor right, Tensor wrong) = labels.Labelled(batch);
        Assert.True((right * wrong).sum().item<float>() == 0 && wrong.sum().item<float>() > 0 && right.sum().item<float>() > 0);
        // Up to the first wrong token the states are those of the text.
        int first = Array.FindIndex(wrong.data<float>().ToArray(), value => value > 0);
        Tensor plain = model.Hidden(batch.Inputs).view(1, batch.Time, Shape.Width);
        Assert.True(plain.narrow(1, 0, first).allclose(state.narrow(1, 0, first), atol: 1e-4));
        Assert.False(plain.narrow(1, first, 1).allclose(state.narrow(1, first, 1), atol: 1e-4));
    }

    private static TargetHead Target(Folder folder)
    {
        using (var fresh = new LlamaNet(Shape, 6, ScalarType.Float32))
        {
            Shake(fresh);
            GgufModel.Write(folder.File("target.gguf"), fresh, Small.Vocabulary(), TensorType.F32, "Small");
        }
        return new TargetHead(folder.File("target.gguf"), ScalarType.Float32);
    }

    private static void Shake(Net net)
    {
        using IDisposable fixedValues = no_grad();
        foreach (Tensor matrix in net.Tensors.Values.Where(tensor => tensor.dim() == 2)) matrix.mul_(3);
        foreach (Tensor norm in net.Tensors.Values.Where(tensor => tensor.dim() == 1)) norm.add_(arange(norm.shape[0]).div(norm.shape[0]).to(ScalarType.Float32));
    }

    private static void Compare(float[][] trained, Func<int, float[]> run, double tolerance)
    {
        float scale = trained.Max(row => row.Max(Math.Abs));
        Assert.True(scale > 1);
        for (int t = 0; t < trained.Length; t++)
        {
            float[] answered = run(t);
            for (int v = 0; v < answered.Length; v++) Assert.Equal(trained[t][v], answered[v], tolerance * scale);
        }
    }
}
