using Percheron.Decoding;

namespace Percheron.Testing;

/// <summary>An automaton of five states that forbids a third of all tokens in each, another third in every state.</summary>
public sealed class ToyConstraint : ITokenConstraint
{
    /// <inheritdoc/>
    public int Start => 0;

    /// <inheritdoc/>
    public int Advance(int state, int token) => Allows(state, token) ? ((3 * state) + token + 1) % 5 : -1;

    /// <inheritdoc/>
    public void Forbid(int state, Span<float> logits)
    {
        for (int token = 0; token < logits.Length; token++) if (!Allows(state, token)) logits[token] = float.NegativeInfinity;
    }

    private static bool Allows(int state, int token) => (token + state) % 3 != 0;
}
