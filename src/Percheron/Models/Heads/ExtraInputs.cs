namespace Percheron.Models.Heads;

/// <summary>Learned inputs that a target has beside its tokens: look-ahead or mask tokens (<see cref="Rows.AddExtra"/>).</summary>
/// <param name="First">The first extra embedding of these.</param>
/// <param name="Count">How many there are, one behind the other: the k-th stands k places behind a token it is asked about.</param>
public sealed record ExtraInputs(int First, int Count);
