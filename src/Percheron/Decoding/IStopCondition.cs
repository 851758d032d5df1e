namespace Percheron.Decoding;

/// <summary>Something other than a token id or a count that ends a sequence, such as a stop string.</summary>
public interface IStopCondition
{
    /// <summary>
    /// Looks at the tokens committed since it last looked. Returns how many of all tokens to keep, at least the prompt, or −1 to go on. It may cut tokens of earlier steps: a stop
    /// string can begin in one, and what is kept must not depend on how tokens were grouped into steps.
    /// </summary>
    /// <param name="tokens">Prompt and output.</param>
    /// <param name="from">Index of the first token not yet looked at.</param>
    int Cut(ReadOnlySpan<int> tokens, int from);
}
