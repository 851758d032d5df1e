using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>The law a candidate was drawn from, read off its tag: its own law, or a shared one without the tokens of earlier siblings. A fixed candidate is a point mass.</summary>
internal sealed class Proposal
{
    private readonly int[] _fixed = new int[1];
    private readonly double[] _one = [1];
    private double[] _probabilities = [];
    private Distribution? _law;

    /// <summary>Whether the candidate counts as fixed.</summary>
    public bool IsPoint => _law is null;

    /// <summary>Tokens of the law, ascending.</summary>
    public ReadOnlySpan<int> Tokens => _law is null ? _fixed : _law.Tokens;

    /// <summary>Their probabilities; they add up to 1.</summary>
    public ReadOnlySpan<double> Probabilities => _law is null ? _one : _probabilities.AsSpan(0, _law.Count);

    /// <summary>Probability of the candidate itself; never 0.</summary>
    public double OfCandidate { get; private set; }

    /// <summary>Probability of any token.</summary>
    public double this[int token] => IndexOf(token) is >= 0 and var at ? Probabilities[at] : 0;

    /// <summary>Where a token stands in <see cref="Tokens"/>, or −1.</summary>
    public int IndexOf(int token) => _law is not null ? _law.IndexOf(token) : token == _fixed[0] ? 0 : -1;

    /// <summary>Whether two candidates are independent draws from one law: each has its law for itself, and the laws are equal.</summary>
    public static bool FromOneLaw(TokenTree tree, int a, int b) =>
        IsAlone(tree, a) && IsAlone(tree, b) && tree.Law(a)!.Tokens.SequenceEqual(tree.Law(b)!.Tokens) && tree.Law(a)!.Probabilities.SequenceEqual(tree.Law(b)!.Probabilities);

    /// <summary>Reads the tag of <paramref name="node"/>.</summary>
    public void Read(TokenTree tree, int node)
    {
        _law = tree.Law(node);
        if (_law is not null && Draw(tree, node, _law)) return;
        // Not drawn, or not from the law it names: the rule for fixed candidates is right for a token that came about in any way.
        (_law, OfCandidate, _fixed[0]) = (null, 1, tree.Token(node));
    }

    // Siblings that share a law object were drawn without replacement; a law that cannot give the token is no draw.
    private static bool IsAlone(TokenTree tree, int node)
    {
        if (tree.Law(node) is not { } law || law[tree.Token(node)] <= 0) return false;
        for (int sibling = tree.FirstCandidate(tree.Parent(node)); sibling >= 0; sibling = tree.NextCandidate(sibling))
            if (sibling != node && ReferenceEquals(tree.Law(sibling), law)) return false;
        return true;
    }

    private bool Draw(TokenTree tree, int node, Distribution law)
    {
        if (_probabilities.Length < law.Count) Array.Resize(ref _probabilities, Math.Max(law.Count, 2 * _probabilities.Length));
        Span<double> probabilities = _probabilities.AsSpan(0, law.Count);
        for (int i = 0; i < probabilities.Length; i++) probabilities[i] = law.Probabilities[i];
        for (int sibling = tree.FirstCandidate(tree.Parent(node)); sibling != node; sibling = tree.NextCandidate(sibling))
            if (ReferenceEquals(tree.Law(sibling), law) && law.IndexOf(tree.Token(sibling)) is >= 0 and var taken) probabilities[taken] = 0;
        double sum = 0;
        foreach (double p in probabilities) sum += p;
        int at = law.IndexOf(tree.Token(node));
        if (at < 0 || probabilities[at] <= 0) return false;
        for (int i = 0; i < probabilities.Length; i++) probabilities[i] /= sum;
        OfCandidate = probabilities[at];
        return true;
    }
}
