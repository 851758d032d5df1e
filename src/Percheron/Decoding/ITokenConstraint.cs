namespace Percheron.Decoding;

/// <summary>
/// A constraint on the output, such as a grammar: an automaton over tokens. Every node of a tree has its own state, and the sampler masks the law behind each; so drafts that
/// break it are refused, and model-based drafts do not even propose what breaks it.
/// </summary>
/// <remarks>
/// A state is a number, so taking a fork to every node copies nothing; an engine whose states are larger numbers them as they arise. It is a function of the tokens alone and may
/// serve several sequences in turn, and it is asked from one thread. In each state it must allow at least one token; at the end of what it describes, a stop token, behind which it is not asked any more.
/// </remarks>
public interface ITokenConstraint
{
    /// <summary>The state before the first output token; 0 or more.</summary>
    int Start { get; }

    /// <summary>The state after <paramref name="token"/>, or −1 if <paramref name="state"/> does not allow it.</summary>
    int Advance(int state, int token);

    /// <summary>Sets the logits [vocab] of all tokens that <paramref name="state"/> does not allow to negative infinity. Allocates nothing in a steady state.</summary>
    void Forbid(int state, Span<float> logits);
}
