using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Heads;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Models.Heads;

/// <summary>Look-ahead and mask tokens, exits and judges from files, with a real target of random weights.</summary>
public sealed class LearnedInputsTests : IDisposable
{
    private readonly TinyFile _file = (TinyModel.Llama with { Layers = 4 }).Build();
    private readonly Transformer _target;

    public LearnedInputsTests() => _target = _file.Load(2);

    [Fact]
    public void Files_give_inputs_of_their_own()
    {
        using TinyFile first = Inputs("pass", 3), second = Inputs("bita", 2);
        using HeadFile pass = HeadFile.Open(first.Path, _target), bita = HeadFile.Open(second.Path, _target);
        Assert.Equal((new ExtraInputs(0, 3), new ExtraInputs(3, 2)), ((ExtraInputs)pass.Content, (ExtraInputs)bita.Content));
        Assert.Contains("no head", Assert.Throws<ModelFormatException>(() => pass.Head).Message);
        int[][] plain = Texts(new NoneDrafter(), new Coupled());
        Assert.Equal(plain, Texts(new PassDrafter(_target, (ExtraInputs)pass.Content, confidence: 0), new Coupled()));
        Assert.Equal(plain, Texts(new BitaDrafter(_target, (ExtraInputs)bita.Content, width: 2, confidence: 0), new Coupled()));
        Assert.Equal(plain, Texts(new EarlyExitDrafter(_target, 2, 3, 2, confidence: 0), new Coupled()));
    }

    [Fact]
    public void A_judge_comes_from_a_file()
    {
        using TinyFile file = new TinyHead("judge") { States = [5], Tensors = [("judge.weight", [256]), ("judge.bias", [1])] }.Build();
        using HeadFile judge = HeadFile.Open(file.Path, _target);
        Assert.Equal((5, 256), (((JudgeHead)judge.Content).State, ((JudgeHead)judge.Content).StateSize));
        Assert.Equal(Texts(new NoneDrafter(), new Coupled())[0], Texts(new EarlyExitDrafter(_target, 2), new Judge((JudgeHead)judge.Content, 1))[0]);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Refuses(new TinyHead("pass") { Tensors = [("extra.weight", [40, 256])] }, "1 to 32");
        Refuses(new TinyHead("pass") { Tensors = [("other.weight", [4, 256])] }, "extra.weight");
        Refuses(new TinyHead("bita") { Tensors = [("extra.weight", [4, 128])] }, "shape");
        Refuses(new TinyHead("judge") { States = [2, 5], Tensors = [("judge.weight", [256]), ("judge.bias", [1])] }, "one state");
        Refuses(new TinyHead("judge") { Tensors = [("judge.weight", [255]), ("judge.bias", [1])] }, "shape");
    }

    public void Dispose()
    {
        _target.Dispose();
        _file.Dispose();
    }

    private static TinyFile Inputs(string kind, int count) => new TinyHead(kind) { Seed = count, Tensors = [("extra.weight", [count, 256])] }.Build();

    private void Refuses(TinyHead head, string message)
    {
        using TinyFile file = head.Build();
        Assert.Contains(message, Assert.Throws<ModelFormatException>(() => HeadFile.Open(file.Path, _target)).Message);
    }

    // At temperature 0 and 1, two sequences as a batch.
    private int[][] Texts(Drafter drafter, Verifier verifier)
    {
        List<int[]> texts = [];
        foreach (float temperature in new[] { 0f, 1f })
        {
            Sequence[] sequences = [.. new int[][] { [1, 2, 3], [9, 8, 7, 6, 5] }.Select((prompt, i) => new Sequence(prompt, new SequenceOptions { MaxTokens = 24, Seed = (ulong)i, Sampling = SamplingSettings.Plain with { Temperature = temperature } }))];
            new Decoder(_target, drafter, verifier).Run(sequences);
            texts.AddRange(sequences.Select(s => s.Tokens.ToArray()));
        }
        return [.. texts];
    }
}
