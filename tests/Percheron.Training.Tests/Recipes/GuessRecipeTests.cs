using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Heads;
using Percheron.Training.Corpus;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Recipes;
using Percheron.Training.Runs;
using Percheron.Training.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Recipes;

/// <summary>Medusa, Hydra, blockwise and ReDrafter: they learn, and the runtime computes what the trainer does.</summary>
public sealed class GuessRecipeTests : IDisposable
{
    private readonly Folder _folder = new();
    private readonly LlamaNet _model = new(Small.Shape, 3, ScalarType.Float32);
    private readonly TargetHead _target;

    public GuessRecipeTests()
    {
        using (no_grad())
            foreach (Tensor matrix in _model.Tensors.Values.Where(tensor => tensor.dim() == 2)) matrix.mul_(3);
        GgufModel.Write(_folder.File("target.gguf"), _model, Small.Vocabulary(), TensorType.F32, "Small");
        _target = new TargetHead(_folder.File("target.gguf"), ScalarType.Float32);
    }

    public static TheoryData<string> Kinds => ["medusa", "medusa(own=true, heads=2, blocks=1)", "hydra(heads=3)", "blockwise(inner=96)", "redrafter(length=4)"];

    [TorchTheory]
    [MemberData(nameof(Kinds))]
    public void It_learns(string kind)
    {
        int exit = RecipeBook.Find(kind).Train(Job(kind, "one", 1));
        double early = Checkpoint.Header<RunState>(Folder("one").Best).BestLoss;
        Assert.Equal((0, 0), (exit, RecipeBook.Find(kind).Train(Job(kind, "more", 40))));
        Assert.InRange(Checkpoint.Header<RunState>(Folder("more").Best).BestLoss, 0, early - 0.01);
        using GgufFile file = GgufFile.Open(_folder.File("target.gguf"));
        using var runtime = Transformer.Load(file, new ModelOptions { Threads = 1 });
        Assert.NotNull(RecipeBook.Find(kind).Drafter(runtime, _folder.File("more.gguf")).Model);
    }

    [TorchFact]
    public void Medusa_2_changes_the_target_and_writes_it()
    {
        var recipe = new Medusa2Recipe(heads: 2, blocks: 1);
        Assert.Equal(0, recipe.Train(Job("medusa2", "joint", 3) with { Rows = Documents() }));
        using GgufFile before = GgufFile.Open(_folder.File("target.gguf")), after = GgufFile.Open(recipe.ChangedTarget(_folder.File("joint.gguf")));
        Assert.NotEqual(before.ReadFloats(before.Tensor("blk.0.attn_q.weight")), after.ReadFloats(after.Tensor("blk.0.attn_q.weight")));
        using var runtime = Transformer.Load(after, new ModelOptions { Threads = 1 });
        Assert.Equal(2, Percheron.Models.Heads.HeadFile.Open(_folder.File("joint.gguf"), runtime).Head.MaxDepth);
    }

    [TorchTheory]
    [MemberData(nameof(Kinds))]
    public void The_runtime_computes_what_the_trainer_does(string kind)
    {
        using GuessNet net = kind.Split('(')[0] switch
        {
            "medusa" when kind.Contains("own", StringComparison.Ordinal) => new MedusaNet(_target, 2, 1, own: true, 1),
            "medusa" => new MedusaNet(_target, 4, 2, own: false, 1),
            "hydra" => new HydraNet(_target, 3, 1, 1),
            "blockwise" => new BlockwiseNet(_target, 4, 96, 1),
            _ => new RedrafterNet(_target, 4, 2, 1),
        };
        using IDisposable fixedValues = no_grad();
        using (var generator = new Generator(9))
            foreach ((string name, Tensor value) in net.Tensors) value.add_(randn(value.shape, generator: generator).mul_(0.1));
        string path = _folder.File("head.gguf"), architecture = kind.Split('(')[0];
        (string Key, uint Value)[] numbers = architecture switch
        {
            "medusa" => [("head_count", (uint)net.Guesses), ("block_count", (uint)((MedusaNet)net).Blocks)],
            "hydra" => [("head_count", 3), ("block_count", 1)],
            "blockwise" => [("head_count", 4)],
            _ => [("length", 4), ("block_count", 2)],
        };
        Percheron.Training.Export.HeadFile.Write(path, net, _target, architecture, TensorType.F32, writer => Array.ForEach(numbers, number => writer.Add($"{architecture}.{number.Key}", number.Value)));
        long[] tokens = [.. Enumerable.Range(0, 12).Select(i => (long)(i * 7 % Small.Shape.Vocab))];
        Tensor row = tensor(tokens, 1, 12), state = _model.Hidden(row.narrow(1, 0, 11)).view(1, 11, -1);
        float[][] trained = [.. net.Logits(state, row).Select((logits, k) => logits[0, 11 - 2 - k].data<float>().ToArray())];

        using GgufFile file = GgufFile.Open(_folder.File("target.gguf"));
        using var runtime = Transformer.Load(file, new ModelOptions { Threads = 1 });
        using var head = Percheron.Models.Heads.HeadFile.Open(path, runtime);
        for (int k = 0; k < trained.Length; k++)
        {
            // The last guess that the text can check: the state at position 9 − k, the row of token 10 − k, k tokens behind it.
            using HeadCache cache = head.Head.NewHeadCache();
            for (int position = 0; position <= 9 - k; position++) state[0, position].data<float>().ToArray().CopyTo(cache.Tell(position));
            var rows = new Rows();
            rows.Reset(cache);
            for (int i = 0; i <= 10; i++) rows.Add((int)tokens[i], i - 1, logits: i == 10);
            head.Head.Forward([rows]);
            float scale = trained[k].Max(Math.Abs);
            for (int v = 0; v < trained[k].Length; v++) Assert.Equal(trained[k][v], rows.Logits(10)[v], 2e-4 * scale);
        }
    }

    public void Dispose()
    {
        _target.Dispose();
        _model.Dispose();
        _folder.Dispose();
    }

    private RecipeJob Job(string kind, string run, long steps) =>
        new(kind, _target, new RowsWithStates(_model, Documents()), new RunOptions { Steps = steps, Threads = 1, EvaluateEvery = 1 }, Folder(run), _folder.File(run + ".gguf"), 5);

    private static DocumentRows Documents()
    {
        var stream = new RowStream(new EncodedCorpus(Small.Documents, Small.Vocabulary()).Train, Small.Shape.Context, 7);
        return new DocumentRows(stream, [stream.Row(0).ToArray()]);
    }

    private RunFolder Folder(string run) => new(Directory.CreateDirectory(_folder.File(run + "-run")).FullName);
}
