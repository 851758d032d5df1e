using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>
/// The candidates of one node, tried one after the other against what is left of the target's law: x is accepted with probability p(x)/q(x), else p loses what q covered.
/// q is read off each candidate's tag, so siblings may be fixed, drawn, and drawn without replacement in any mixture, and tried in any order that does not depend on their tokens.
/// </summary>
internal sealed class Rejection
{
    private bool _tried;

    /// <summary>The target's whole law at the node.</summary>
    public Distribution Law { get; private set; } = null!;

    /// <summary>What is left of the law, once a candidate has been tried.</summary>
    public Residual Left { get; } = new();

    /// <summary>The tag of the candidate that was tried last.</summary>
    public Proposal Proposal { get; } = new();

    /// <summary>Begins with the whole law of a node.</summary>
    public void Begin(Distribution law) => (Law, _tried) = (law, false);

    /// <summary>Puts the law into <see cref="Left"/> unless candidates have been tried; rules that change what is left themselves begin here.</summary>
    public void Open()
    {
        if (!_tried) Left.Start(Law);
        _tried = true;
    }

    /// <summary>Tries a candidate.</summary>
    /// <param name="tree">Its tree.</param>
    /// <param name="node">The candidate.</param>
    /// <param name="random">The sequence's source.</param>
    /// <param name="lenience">Divides the probability of acceptance's q: 1 is exact, less is lossy.</param>
    /// <param name="tolerance">Added to the probability of acceptance of what the target may say: 0 is exact, more is lossy.</param>
    public bool Accept(TokenTree tree, int node, RandomSource random, double lenience = 1, double tolerance = 0)
    {
        Open();
        Proposal.Read(tree, node);
        double probability = Left[tree.Token(node)] / Left.Total;
        return Accept(tree.Token(node), (probability / (lenience * Proposal.OfCandidate)) + (probability > 0 ? tolerance : 0), random);
    }

    /// <summary>Tries the candidate whose tag <see cref="Proposal"/> has just read, by a rule that accepts it with probability <paramref name="chance"/>; if it is refused, the law loses what the candidate's law covered.</summary>
    public bool Accept(int token, double chance, RandomSource random)
    {
        double before = Left.Total, probability = Left[token] / before;
        if (random.Accept(chance)) return true;
        if (Proposal.IsPoint) Left.Remove(token, before);
        else Left.Subtract(Proposal, before);
        return Nothing(probability);
    }

    /// <summary>
    /// After a refusal: if nothing but rounding is left, the candidate was certain to be accepted and counts as accepted. The target never gives a token of probability 0, so
    /// that one is refused even then, and the law begins anew.
    /// </summary>
    public bool Nothing(double probability)
    {
        if (Left.Total >= Residual.Epsilon) return false;
        if (probability > 0) return true;
        if (Left.Total <= 0) Left.Start(Law);
        return false;
    }

    /// <summary>A token of what is left.</summary>
    public int Next(RandomSource random) => _tried ? Left.Pick(random) : Law.Tokens[random.Pick(Law.Probabilities)];
}
