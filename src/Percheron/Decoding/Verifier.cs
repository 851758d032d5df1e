using Percheron.Models;

namespace Percheron.Decoding;

/// <summary>Refinement: a rule that reads a path off the target's answer. It knows the tree's tags and never who drafted.</summary>
[MethodKind("verifier")]
public abstract class Verifier
{
    /// <summary>Whether the committed text has exactly the target's law, whatever was drafted.</summary>
    public abstract bool IsLossless { get; }

    /// <summary>Whether draws race on noise addressed by position (<see cref="RandomSource.SharesNoise"/>): then the text itself, not only its law, is that of plain decoding.</summary>
    public virtual bool SharesNoise => false;

    /// <summary>Which hidden states of the tree's rows the rule reads.</summary>
    public virtual FeatureSet Features => FeatureSet.None;

    /// <summary>Reads a path off the tree. The laws are asked for lazily: nodes that are not looked at cost nothing.</summary>
    public abstract Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence);

    /// <summary>Frees what is kept for a sequence that has finished.</summary>
    public virtual void Release(Sequence sequence) { }
}
