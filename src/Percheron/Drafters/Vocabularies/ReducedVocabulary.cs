using Percheron.Decoding;
using Percheron.Formats;
using Percheron.Models;

namespace Percheron.Drafters.Vocabularies;

/// <summary>A reduced draft vocabulary: drafts hold only the tokens that are frequent in a corpus, with probabilities that add up to 1 among them, so every ratio rule stays exact.</summary>
/// <remarks>
/// What is rare in the corpus is never drafted, which spares the rows of the draft's output that answer for it, sampling, sorting and refused candidates. A draft that was trained with
/// fewer tokens than the target needs another vocabulary's translation instead.
/// </remarks>
[Method(Source = "FR-Spec, arXiv 2502.14856 §3", Examples = ["model(vocabulary=reduced)"])]
public sealed class ReducedVocabulary : DraftVocabulary
{
    // Tokens of the corpus that are counted.
    private const long MostCounted = 1 << 24;

    private readonly CorpusIndex _corpus;
    private readonly int _tokens;

    /// <param name="corpus">Text to count tokens in: a text file, or an index made by <c>percheron index</c>.</param>
    /// <param name="tokens">How many tokens stay, the most frequent; of equals the first.</param>
    /// <exception cref="ArgumentOutOfRangeException">There would be none.</exception>
    public ReducedVocabulary(CorpusIndex corpus, int tokens = 4096)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1);
        (_corpus, _tokens) = (corpus, tokens);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The corpus is in another vocabulary.</exception>
    public override IModel Adapt(IModel draft)
    {
        if (_corpus.Vocab > draft.Vocab) throw new ArgumentException($"the corpus was indexed with a vocabulary of {_corpus.Vocab} tokens and the draft answers for {draft.Vocab}: index it with the target's tokenizer", nameof(draft));
        long[] counts = new long[draft.Vocab];
        for (long at = 0; at < Math.Min(_corpus.Count, MostCounted); at++)
            if (_corpus.Token(at) is var token && token < counts.Length) counts[token]++;
        int[] frequent = [.. Enumerable.Range(0, counts.Length).OrderByDescending(token => counts[token]).ThenBy(token => token).Take(_tokens).Order()];
        if (frequent.Length == draft.Vocab) return draft;
        return draft is ILayeredModel layered ? new Reduced(layered.View(new ViewOptions { Tokens = frequent }), []) : new Reduced(draft, [.. Enumerable.Range(0, counts.Length).Except(frequent)]);
    }

    /// <param name="draft">The draft, or a view of it that answers for frequent tokens only.</param>
    /// <param name="rare">Tokens to forget, where the draft answers for them.</param>
    private sealed class Reduced(IModel draft, int[] rare) : IModel
    {
        // Not -infinity: where a constraint forbids all that stay, there is still a law, of tokens that nobody will accept.
        private const float Never = -1e30f;

        public int Vocab => draft.Vocab;

        public int HiddenSize => draft.HiddenSize;

        public int LayerCount => draft.LayerCount;

        public int ContextLength => draft.ContextLength;

        public KvCache NewCache() => draft.NewCache();

        public void Forward(ReadOnlySpan<Rows> batch)
        {
            draft.Forward(batch);
            foreach (Rows rows in batch)
                for (int row = 0; row < rows.Count; row++)
                {
                    if (!rows.WantsLogits(row)) continue;
                    Span<float> logits = rows.LogitBuffer(row);
                    foreach (int token in rare) logits[token] = Never;
                    if (rare.Length == 0) logits.Replace(float.NegativeInfinity, Never);
                }
        }
    }
}
