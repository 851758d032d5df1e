using System.Net;
using System.Runtime.InteropServices;
using Percheron.Cli.Generation;
using Percheron.Cli.Hosting;
using Percheron.Cli.Options;
using Percheron.Codecs;
using Percheron.Decoding;
using Percheron.Evaluation.Metrics;
using Percheron.Evaluation.Translation;
using Percheron.Models;

namespace Percheron.Cli.Quality;

/// <summary>Held-out translations: BLEU and chrF against their references, exact matches, and what the target itself finds of the outputs.</summary>
internal sealed class TextModality : IModality
{
    private const int MaxTokens = 128;

    private readonly ModelHost _host;
    private readonly EvaluationSettings _settings;
    private readonly Tokenizer _tokenizer;
    private readonly Chrf _chrf = new();
    private readonly TranslationPair[] _pairs;

    /// <param name="settings">With a model that was trained on the corpus.</param>
    public TextModality(EvaluationSettings settings)
    {
        (_settings, _host, _tokenizer) = (settings, settings.Host, settings.Host.RequireTokenizer());
        // The corpus of translation-data with its default seed.
        _pairs = [.. new TranslationCorpus(1).Pairs(heldOut: true).Take(settings.Samples)];
        Metrics = [new Bleu(), _chrf, new MeanScore("exact match %", higherIsBetter: true, 100), new Perplexity()];
    }

    public string Name => "text";

    public string About => "held-out sentences of the project's German-English grammars; BLEU of 13a words with all references (case:mixed|eff:no|tok:13a|smooth:exp); perplexity is the target's own of what was written, at temperature 1";

    public IModel Model => _host.Law;

    public ISpecHost Host => _host;

    public IReadOnlyList<ICorpusMetric> Metrics { get; }

    public IReadOnlyList<string> Standard =>
    [
        "ngram", "suffix", "recycling", "model", "fallback(suffix, model)", "mtp", "eagle3", "model | speculative-sampling", "model | block", "model | traversal",
        "model | typical-acceptance", "model | top-k-accept", "model | lenient", "model | fuzzy", "model | mentored", "eagle3 | typical-acceptance", "mtp | typical-acceptance",
    ];

    public BudgetPolicy NewPlanner(Drafter drafter) => _host.NewPlanner(drafter);

    public (int[] Tokens, SequenceOptions Options) Prompt(int index) =>
        (PromptFlags.Encode(TranslationCorpus.Prompt(_pairs[index]), _tokenizer),
         new SequenceOptions { Sampling = _settings.Sampling, Seed = CodePrompts.Seed(_settings, index), MaxTokens = MaxTokens, StopTokens = [.. _tokenizer.EndOfGeneration] });

    public void Render(ReadOnlySpan<int> output) => Text(output);

    public double[][] Judge(int index, ReadOnlySpan<int> output)
    {
        string text = Text(output);
        IReadOnlyList<string> references = _pairs[index].English;
        double[][] observed = [.. Metrics.Select(m => new double[m.Size])];
        Bleu.Count(text, references, observed[0]);
        _chrf.Count(text, references, observed[1]);
        MeanScore.Count(references.Contains(text) ? 1 : 0, observed[2]);
        int[] prompt = Prompt(index).Tokens;
        double?[] logs = TextScore.Of([.. prompt, .. output], _host.Target, CancellationToken.None);
        Perplexity.Count([.. logs.Skip(prompt.Length).Select(l => l ?? 0)], observed[3]);
        return observed;
    }

    public string Caption(int index) => $"{_pairs[index].German} → {_pairs[index].English[0]}";

    public string Show(ReadOnlySpan<int> output) => WebUtility.HtmlEncode(Text(output));

    // Nothing of the model is owned here.
    public void Dispose() { }

    private string Text(ReadOnlySpan<int> output)
    {
        List<int> ids = [.. output];
        ids.RemoveAll(id => id >= _tokenizer.VocabularySize || _tokenizer.EndOfGeneration.Contains(id));
        return _tokenizer.Decode(CollectionsMarshal.AsSpan(ids)).Trim();
    }
}
