namespace Percheron.Training.Evaluation;

/// <summary>
/// Sums over held-out documents. Every document is read alone, from its first token, cut at the context;
/// every token after the first is predicted. <em>Comment</em> tokens are those after the first line, which a prompt gives.
/// </summary>
public sealed record HeldOutMeasure
{
    /// <summary>Predicted tokens.</summary>
    public long Tokens { get; set; }

    /// <summary>Predicted comment tokens.</summary>
    public long CommentTokens { get; set; }

    /// <summary>Sum of −ln p over all predicted tokens.</summary>
    public double Loss { get; set; }

    /// <summary>Sum of −ln p over comment tokens.</summary>
    public double CommentLoss { get; set; }

    /// <summary>Sum of Σ min(p, q) over comment tokens: the chance that one drafted token is accepted at temperature 1.</summary>
    public double Accepted { get; set; }

    /// <summary>Comment tokens at which target and draft have the same most likely token.</summary>
    public double Agreed { get; set; }

    /// <summary>Perplexity over all predicted tokens.</summary>
    public double Perplexity => Math.Exp(Loss / Tokens);

    /// <summary>Perplexity over comment tokens.</summary>
    public double CommentPerplexity => Math.Exp(CommentLoss / CommentTokens);

    /// <summary>Mean acceptance at temperature 1.</summary>
    public double Acceptance => Accepted / CommentTokens;

    /// <summary>Mean acceptance at temperature 0.</summary>
    public double GreedyAgreement => Agreed / CommentTokens;

    /// <summary>Adds the sums of another part.</summary>
    public void Add(HeldOutMeasure other)
    {
        (Tokens, CommentTokens) = (Tokens + other.Tokens, CommentTokens + other.CommentTokens);
        (Loss, CommentLoss) = (Loss + other.Loss, CommentLoss + other.CommentLoss);
        (Accepted, Agreed) = (Accepted + other.Accepted, Agreed + other.Agreed);
    }
}
