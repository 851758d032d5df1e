using Percheron.Cli.Generation;
using Percheron.Codecs.Speech;
using Percheron.Decoding;
using Percheron.Evaluation.Metrics;
using Percheron.Evaluation.Speech;
using Percheron.Models;

namespace Percheron.Cli.Quality;

/// <summary>Strings of digits that nothing was trained on, by every voice in turn: what a recogniser hears of them, whose voice it is, and how far they lie from real recordings.</summary>
internal sealed class SpeechModality : IModality
{
    private const int Fewest = 2, Most = 8;
    private const ulong PromptSeed = 0xD161;

    private readonly EvaluationSettings _settings;
    private readonly CodeSession _session;
    private readonly SpeechCodec _codec;
    private readonly Recogniser _recogniser;
    private readonly SpeakerModel? _speakers;
    private readonly DigitRecordings? _recordings;
    private readonly IReadOnlyList<(int Token, string Name)> _voices;
    private readonly TokenRanges _constraint;
    private readonly DelayPattern _pattern;

    /// <param name="settings">Models and sampling.</param>
    /// <param name="session">The model over codes.</param>
    /// <param name="recogniser">Of error rates; owned.</param>
    /// <param name="speakers">Who knows the voices; null asks nobody.</param>
    /// <param name="recordings">What distortion compares with; null measures none.</param>
    public SpeechModality(EvaluationSettings settings, CodeSession session, Recogniser recogniser, SpeakerModel? speakers, DigitRecordings? recordings)
    {
        (_settings, _session, _recogniser, _speakers, _recordings) = (settings, session, recogniser, speakers, recordings);
        (_codec, _voices, _constraint) = (Voices.Codec(session), Voices.Of(session), session.Constraint(ends: true));
        _pattern = new DelayPattern(session.Codes.Books, session.Codes.Count);
        Metrics =
        [
            ErrorRate.Words, ErrorRate.Characters, .. speakers is null || _voices.Count == 0 ? Array.Empty<ICorpusMetric>() : [new MeanScore("speaker match %", higherIsBetter: true, 100)],
            .. recordings is null ? Array.Empty<ICorpusMetric>() : [new MeanScore("mel-cepstral distortion dB", higherIsBetter: false)],
        ];
    }

    public string Name => "speech";

    public string About => "strings of two to eight digits that nothing was trained on, by every voice in turn; error rates by the recogniser of this project against the text";

    public IModel Model => _settings.Host.Law;

    public ISpecHost Host => _settings.Host;

    public IReadOnlyList<ICorpusMetric> Metrics { get; }

    public IReadOnlyList<string> Standard =>
    [
        "ngram", "suffix", "recycling", "model", "mtp", "medusa", "model | speculative-sampling", "model | block",
        "medusa | tolerance", "mtp | tolerance", "model | tolerance", "model | coarse-grained", "model | grouped", "model | typical-acceptance",
    ];

    public BudgetPolicy NewPlanner(Drafter drafter) => _settings.Host.NewPlanner(drafter);

    public (int[] Tokens, SequenceOptions Options) Prompt(int index)
    {
        int[] prompt = _voices.Count == 0 ? _session.Prompt(Said(index)) : _session.Prompt(Said(index), _voices[index % _voices.Count].Token);
        return (prompt, new SequenceOptions
        {
            Sampling = _settings.Sampling, Seed = CodePrompts.Seed(_settings, index), MaxTokens = _settings.Host.Target.ContextLength - prompt.Length + 1,
            // Less than a frame of every book is no sound.
            MinTokens = _session.Codes.Books * _session.Codes.Books, Constraint = _constraint, StopTokens = [.. _settings.Host.RequireTokenizer().EndOfGeneration],
        });
    }

    public void Render(ReadOnlySpan<int> output) => Sound(output);

    public double[][] Judge(int index, ReadOnlySpan<int> output)
    {
        Waveform sound = Sound(output);
        string heard = _recogniser.Transcribe(sound);
        double[] words = new double[ErrorRate.Words.Size], characters = new double[ErrorRate.Characters.Size];
        ErrorRate.Words.Count(heard, Said(index), words);
        ErrorRate.Characters.Count(heard, Said(index), characters);
        List<double[]> observed = [words, characters];
        int voice = _voices.Count == 0 ? 0 : index % _voices.Count;
        if (_speakers is not null && _voices.Count > 0) observed.Add([_speakers.Speakers[_speakers.Nearest(sound)].Equals(_voices[voice].Name, StringComparison.OrdinalIgnoreCase) ? 1 : 0, 1]);
        if (_recordings is not null)
        {
            Waveform? real = _recordings.Say(Digits(index), _voices.Count == 0 ? "" : _voices[voice].Name, index);
            double distortion = real is null ? double.PositiveInfinity : MelCepstralDistortion.Warped(real, sound);
            observed.Add(double.IsFinite(distortion) ? [distortion, 1] : [0, 0]);
        }
        return [.. observed];
    }

    public string Caption(int index) => _voices.Count == 0 ? Said(index) : $"{Said(index)} ({_voices[index % _voices.Count].Name})";

    public string Show(ReadOnlySpan<int> output)
    {
        Waveform sound = Sound(output);
        return $"<audio controls preload=\"none\" src=\"data:audio/wav;base64,{Convert.ToBase64String(WavFile.Encode(sound))}\"></audio><br>{System.Net.WebUtility.HtmlEncode(_recogniser.Transcribe(sound))}";
    }

    public void Dispose() => _recogniser.Dispose();

    private Waveform Sound(ReadOnlySpan<int> output) => _codec.Decode(_pattern.FromTokens(output, _session.Codes));

    private static string Said(int index) => SpokenText.Of(string.Concat(Digits(index)));

    // The first string of the index's draws that is held out.
    private static int[] Digits(int index)
    {
        for (ulong draw = 0; ; draw++)
        {
            ulong bits = Philox.Bits(PromptSeed, draw, (ulong)index);
            int[] digits = new int[Fewest + (int)(bits % (Most - Fewest + 1))];
            for (int i = 0; i < digits.Length; i++) digits[i] = (int)((bits >> (8 + (6 * i))) % 10);
            if (DigitSplit.IsHeldOut(digits)) return digits;
        }
    }
}
