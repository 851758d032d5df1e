using Percheron.Decoding;
using Percheron.Formats;

namespace Percheron.Drafters;

/// <summary>Inference with reference: when the last tokens of the text occur in a reference document, copies what follows them there.</summary>
[Method(Source = "LLMA, arXiv 2304.04487 §3", Examples = ["llma", "llma(match=1, length=4)"])]
public sealed class LlmaDrafter : Drafter
{
    private readonly CorpusIndex _reference;
    private readonly long[] _position = new long[1];
    private readonly int _match, _length;

    /// <param name="reference">The documents: a text file, or an index made by <c>percheron index</c>.</param>
    /// <param name="match">Tokens that must agree before anything is copied.</param>
    /// <param name="length">Tokens copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public LlmaDrafter(CorpusIndex reference, int match = 2, int length = 15)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(match, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(match, 16);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 1024);
        (_reference, _match, _length) = (reference, match, length);
    }

    /// <inheritdoc/>
    protected override void Draft(Sequence sequence, TokenTree tree)
    {
        if (_reference.Find(sequence.Tokens, _position, out int length) == 0 || length < _match) return;
        for (int k = 0, at = 0; k < _length && tree.Room > 0; k++)
        {
            int token = _reference.Token(_position[0] + k);
            // The end of a document; or a token of a larger vocabulary, which the target cannot say.
            if (token == _reference.Vocab || (sequence.Vocab > 0 && token >= sequence.Vocab)) return;
            at = tree.Add(at, token);
        }
    }
}
