namespace Percheron.Drafters;

/// <summary>How a drafter with a model of its own chooses candidates. At temperature 0 all shapes take the most probable tokens, which are fixed.</summary>
public enum TreeShape
{
    /// <summary>
    /// Candidates are drawn from the draft's law, siblings without replacement; the shape depends on their order alone.
    /// Source: recursive speculative decoding, arXiv 2402.14160; Sequoia, arXiv 2402.12374.
    /// </summary>
    Sampled,

    /// <summary>
    /// The most probable tokens; of all that were looked at, the nodes with the most probable paths are proposed.
    /// Source: EAGLE-2, arXiv 2406.16858 §4; OPT-Tree, arXiv 2406.17276.
    /// </summary>
    TopK,

    /// <summary>
    /// The most probable tokens, which are fixed, and one more drawn from the others: better than draws alone where draft and target agree about the best.
    /// Source: Hu et al., greedy draft sampling, arXiv 2502.18779; for width 2, SpecHub, arXiv 2411.05289.
    /// </summary>
    BestAndOne,

    /// <summary>Chains drawn independently of each other, as many as the width; they may begin alike. Source: SpecTr, arXiv 2310.15141; SpecInfer, arXiv 2305.09781.</summary>
    Independent,

    /// <summary>One candidate on each level, drawn from the draft's law. Source: speculative decoding, arXiv 2211.17192.</summary>
    Chain,
}
