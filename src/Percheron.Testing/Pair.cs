using Percheron.Decoding;

namespace Percheron.Testing;

/// <summary>A drafter with a verifier, made anew for every run of a check.</summary>
/// <param name="Drafter">Spec or other name of the drafter.</param>
/// <param name="Verifier">Spec or other name of the verifier.</param>
/// <param name="NewDrafter">Makes the drafter out of the models of a host.</param>
/// <param name="NewVerifier">Makes the verifier.</param>
public sealed record Pair(string Drafter, string Verifier, Func<ToyHost, Drafter> NewDrafter, Func<ToyHost, Verifier> NewVerifier)
{
    /// <summary>Whether all candidates come from a draft model, so that with a perfect one everything is accepted.</summary>
    public bool DraftsByModel { get; init; }

    /// <summary>Makes the target out of the toy, to plant a mistake in it.</summary>
    public Func<ToyModel, ToyModel>? WrapTarget { get; init; }

    /// <summary>The models of a check.</summary>
    public ToyHost NewHost(ToyModel like, float noise) => new(like, noise, WrapTarget);

    /// <summary>A loop over the models of a host.</summary>
    public Decoder NewDecoder(ToyHost host, DecoderOptions options) => new(host.Target, NewDrafter(host), NewVerifier(host), options);

    /// <inheritdoc/>
    public override string ToString() => $"{Drafter} x {Verifier}";
}
