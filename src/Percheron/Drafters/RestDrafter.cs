using Percheron.Decoding;
using Percheron.Formats;

namespace Percheron.Drafters;

/// <summary>
/// Retrieval: finds the longest tail of the text in a large corpus and proposes what followed it there, the most frequent continuations first, merged into one tree.
/// </summary>
[Method(Source = "REST, arXiv 2311.08252 §3", Examples = ["rest", "rest(min=1, length=4, nodes=8)"])]
public sealed class RestDrafter : Drafter
{
    // Copies worth of doubt: one place in a corpus is weak evidence, thirty that agree are not.
    private const float Doubt = 0.5f;

    private readonly CorpusIndex _corpus;
    private readonly Continuations _found = new();
    private readonly long[] _positions;
    private readonly int _min, _max, _length, _nodes;
    private readonly float _threshold;

    /// <param name="corpus">An index made by <c>percheron index</c>, or a text file.</param>
    /// <param name="max">Longest tail looked up, in tokens; at most 32, or 16 where the vocabulary has more than 65,534 tokens.</param>
    /// <param name="min">Shortest tail that is continued, in tokens.</param>
    /// <param name="length">Tokens copied from each place.</param>
    /// <param name="places">Places looked at.</param>
    /// <param name="nodes">Candidates of the whole tree.</param>
    /// <param name="threshold">Least part of the places that must agree on a node, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public RestDrafter(CorpusIndex corpus, int max = 16, int min = 2, int length = 10, int places = 32, int nodes = 32, double threshold = 0.2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(min, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, min);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(places, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(places, 4096);
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 1);
        if (!(threshold is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(threshold), "threshold is a part of the places that agree: 0 to 1");
        (_corpus, _max, _min, _length, _nodes, _threshold) = (corpus, max, min, length, nodes, (float)threshold);
        _positions = new long[places];
    }

    /// <inheritdoc/>
    protected override void Draft(Sequence sequence, TokenTree tree)
    {
        if (sequence.Vocab != 0 && sequence.Vocab < _corpus.Vocab)
            throw new ArgumentException($"the corpus was indexed with a vocabulary of {_corpus.Vocab} tokens and the target has {sequence.Vocab}: index it with the target's tokenizer");
        int count = _corpus.Find(sequence.Tokens[^Math.Min(_max, sequence.Count)..], _positions, out int length);
        if (length < _min) return;
        _found.Clear();
        for (int i = 0; i < count; i++)
        {
            _found.Begin();
            for (int k = 0, node = 0; k < _length; k++)
            {
                int token = _corpus.Token(_positions[i] + k);
                if (token == _corpus.Vocab) break;
                node = _found.Extend(node, token);
            }
        }
        _found.Propose(tree, _nodes, _threshold, Doubt);
    }
}
