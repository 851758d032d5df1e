namespace Percheron.Models.Heads;

/// <summary>What one pass over a block has left: logits of all its guesses and the hidden states they were made of.</summary>
/// <param name="guesses">How many.</param>
/// <param name="vocab">Tokens.</param>
/// <param name="hidden">Floats of a hidden state.</param>
internal sealed class DraftBlock(int guesses, int vocab, int hidden)
{
    // Pinned: products write here.
    private readonly float[] _logits = GC.AllocateUninitializedArray<float>(checked(guesses * vocab), pinned: true);
    private readonly float[] _hidden = new float[guesses * hidden];

    /// <summary>Logits of all guesses [guesses, vocab].</summary>
    public Span<float> AllLogits => _logits;

    /// <summary>Logits of a guess [vocab], from 0; behind the last one there is nothing new.</summary>
    public ReadOnlySpan<float> Logits(int guess) => _logits.AsSpan(Math.Min(guess, guesses - 1) * vocab, vocab);

    /// <summary>The normalized hidden state of a guess [HiddenSize].</summary>
    public Span<float> Hidden(int guess) => _hidden.AsSpan(Math.Min(guess, guesses - 1) * hidden, hidden);
}
