using Percheron.Decoding;

namespace Percheron.Tests.Drafters;

/// <summary>What a drafter that only reads tokens proposes for a text.</summary>
internal static class ProposalOf
{
    public static int[] Chain(Drafter drafter, ReadOnlySpan<int> text, int budget = 64)
    {
        var tree = new TokenTree();
        tree.Reset(text[^1], text.Length - 1, budget);
        drafter.Draft([new DraftSlot(new Sequence(text), tree)]);
        return FirstPath(tree);
    }

    /// <summary>Feeds the text one token at a time, as plain decoding commits it, and returns how often the next token was the first guess.</summary>
    public static int HitsOneByOne(Drafter drafter, int prompt, ReadOnlySpan<int> text)
    {
        var sequence = new Sequence(text[..prompt]);
        var tree = new TokenTree();
        int hits = 0;
        for (int i = prompt; i < text.Length; i++)
        {
            tree.Reset(sequence.Tokens[^1], sequence.Count - 1, 8);
            drafter.Draft([new DraftSlot(sequence, tree)]);
            if (tree.FirstCandidate(0) is > 0 and var first && tree.Token(first) == text[i]) hits++;
            sequence.Append(text[i]);
        }
        return hits;
    }

    public static int[] FirstPath(TokenTree tree)
    {
        var path = new List<int>();
        for (int at = tree.FirstCandidate(0); at > 0; at = tree.FirstCandidate(at)) path.Add(tree.Token(at));
        return [.. path];
    }
}
