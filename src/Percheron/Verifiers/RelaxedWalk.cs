using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>
/// Goes down a tree by rejection, but takes a candidate outright where a lossy test says so. What the test does not take is put to the exact rule; so a test that takes nothing
/// leaves the rule exact, and one that takes little leaves it nearly so. A token the target never gives is not even tested.
/// </summary>
internal sealed class RelaxedWalk(RelaxedWalk.Test test)
{
    /// <summary>Whether a candidate is good enough.</summary>
    /// <param name="tree">Its tree.</param>
    /// <param name="node">The candidate.</param>
    /// <param name="law">The target's law at its parent; its token has a probability there.</param>
    /// <param name="proposal">Its tag.</param>
    public delegate bool Test(TokenTree tree, int node, Distribution law, Proposal proposal);

    private readonly Rejection _rejection = new();
    private readonly Proposal _proposal = new();
    private readonly NodePath _path = new();

    /// <summary>The path from <paramref name="start"/> on, behind the way to it.</summary>
    public Acceptance Go(TokenTree tree, ITarget target, Sequence sequence, int start = 0)
    {
        _path.Become(tree, start);
        for (int at = start; ;)
        {
            _rejection.Begin(target.Law(at));
            int child = tree.FirstCandidate(at);
            while (child >= 0 && !Takes(tree, child, target.Judgement(at)) && !_rejection.Accept(tree, child, sequence.Random)) child = tree.NextCandidate(child);
            if (child < 0) return _path.Then(_rejection.Next(sequence.Random));
            _path.Add(at = child);
        }
    }

    private bool Takes(TokenTree tree, int child, Distribution law)
    {
        if (law[tree.Token(child)] <= 0) return false;
        _proposal.Read(tree, child);
        return test(tree, child, law, _proposal);
    }
}
