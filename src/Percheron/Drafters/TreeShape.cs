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

    /// <summary>One candidate on each level, drawn from the draft's law. Source: speculative decoding, arXiv 2211.17192.</summary>
    Chain,
}
