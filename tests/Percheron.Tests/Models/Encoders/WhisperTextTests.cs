using Percheron.Decoding;
using Percheron.Models;
using Percheron.Models.Encoders;
using Percheron.Models.Heads;
using Percheron.Tests.Models.Heads;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Models.Encoders;

/// <summary>Every lossless drafter gives the text of plain decoding over a recording, too.</summary>
public sealed class WhisperTextTests : IDisposable
{
    private static readonly Catalog Methods = new();
    private readonly TinyWhisper _tiny = new(encoderLayers: 1), _small = new(encoderLayers: 1, decoderLayers: 1, seed: 9);
    private readonly WhisperModel _model, _assistant;
    private readonly Transformer _target, _draft;

    public WhisperTextTests()
    {
        (_model, _assistant) = (_tiny.Open(cache: CacheType.F16), _small.Open(cache: CacheType.F16));
        EncoderStates states = _model.Encode(TinyWhisper.Sound(30));
        (_target, _draft) = (_model.Listen(states), _assistant.Listen(states));
    }

    private sealed class Host(Transformer target, Transformer draft) : ISpecHost
    {
        public object? Supply(Type type, string parameter, string? file) => file is not null ? null : type == typeof(ILayeredModel) || parameter == "target" ? target : type == typeof(IModel) ? draft : null;
    }

    [Fact]
    public void Every_drafter_writes_down_the_same()
    {
        int ran = 0;
        List<string> wrong = [];
        (Sequence[] greedy, Sequence[] drawn) = (Texts(temperature: 0), Texts(temperature: 1));
        Run("none", greedy);
        Run("none", drawn);
        foreach (string spec in new Percheron.Testing.Conformance(Methods).Drafters)
        {
            Sequence[] first = Texts(0), second = Texts(1);
            try
            {
                Run(spec, first);
                Run(spec, second);
            }
            catch (SpecException)
            {
                // It wants a head, a corpus or another file.
                continue;
            }
            ran++;
            for (int i = 0; i < greedy.Length; i++)
                if (!greedy[i].Tokens.SequenceEqual(first[i].Tokens) || !drawn[i].Tokens.SequenceEqual(second[i].Tokens)) wrong.Add(spec);
        }
        Assert.Empty(wrong);
        Assert.InRange(ran, 30, 500);
    }

    [Fact]
    public void A_head_on_the_decoders_states_changes_nothing_either()
    {
        TinyHead medusa = new("medusa")
        {
            Hidden = TinyWhisper.Hidden, Vocab = TinyWhisper.Vocab, Numbers = [("head_count", 2), ("block_count", 1)],
            Tensors = [.. Enumerable.Range(0, 2).SelectMany(head => new (string, int[])[] { ($"head.{head}.blk.0.weight", [TinyWhisper.Hidden, TinyWhisper.Hidden]), ($"head.{head}.proj.weight", [TinyWhisper.Vocab, TinyWhisper.Hidden]) })],
        };
        using TinyFile file = medusa.Build();
        using HeadFile head = HeadFile.Open(file.Path, _target);
        (Sequence[] plain, Sequence[] drafted) = (Texts(1), Texts(1));
        Run("none", plain);
        Decoder decoder = new(_target, new Percheron.Drafters.MedusaDrafter(head.Head, confidence: 0), new Coupled());
        decoder.Run(drafted);
        for (int i = 0; i < plain.Length; i++) Assert.Equal(plain[i].Tokens.ToArray(), drafted[i].Tokens.ToArray());
        Assert.True(decoder.Statistics.Offered > 0);
    }

    public void Dispose()
    {
        _target.Dispose();
        _draft.Dispose();
        _model.Dispose();
        _assistant.Dispose();
        _tiny.Dispose();
        _small.Dispose();
    }

    private void Run(string spec, Sequence[] sequences) => new Decoder(_target, Methods.Drafter(spec, new Host(_target, _draft)), new Coupled()).Run(sequences);

    private static Sequence[] Texts(double temperature) =>
        [.. new int[][] { [5], [5, 7, 8, 20] }.Select((start, i) => new Sequence(start, new SequenceOptions { MaxTokens = 14, Seed = (ulong)i, Sampling = temperature == 0 ? SamplingSettings.Greedy : new SamplingSettings() }))];
}
