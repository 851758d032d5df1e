using Percheron.Models.Heads;

namespace Percheron.Testing;

/// <summary>An exit without arithmetic on a <see cref="ToyModel"/>: it answers from the context that the target's state tells it, with noise.</summary>
/// <param name="like">The target.</param>
/// <param name="noise">How far the exit lies from it.</param>
/// <param name="noiseSeed">Which noise.</param>
public sealed class ToyExit(ToyModel like, float noise, ulong noiseSeed) : ToyModel(like, noise, noiseSeed), IExit
{
    /// <inheritdoc/>
    public int Layer => LayerCount / 2;

    /// <inheritdoc/>
    public int StateSize => HiddenSize;
}
