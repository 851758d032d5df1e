using static TorchSharp.torch;

namespace Percheron.Training.Distillation;

/// <summary>
/// How far a draft's law q is from the target's law p, per row; what distillation minimises.
/// Source: Zhou et al., "DistillSpec" (2024), table 1; Wen et al., "f-Divergence Minimization for Sequence-Level Knowledge Distillation" (2023).
/// </summary>
public abstract class Divergence
{
    /// <summary>The names <see cref="Named"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = ["forward-kl", "reverse-kl", "jsd", "tv", "lk"];

    /// <summary>The divergence of a name in <see cref="Names"/>.</summary>
    /// <exception cref="ArgumentException">The name is not known.</exception>
    public static Divergence Named(string name) => name switch
    {
        "forward-kl" => new ForwardKl(),
        "reverse-kl" => new ReverseKl(),
        "jsd" => new JensenShannon(),
        "tv" => new TotalVariation(),
        "lk" => new LogAcceptance(),
        _ => throw new ArgumentException($"The divergence '{name}' is not known; known are {string.Join(", ", Names)}.", nameof(name)),
    };

    /// <summary>The divergence of each row [rows] from log-probabilities [rows, vocab]; gradients flow into <paramref name="draft"/> only.</summary>
    public abstract Tensor PerRow(Tensor target, Tensor draft);

    private sealed class ForwardKl : Divergence
    {
        public override Tensor PerRow(Tensor target, Tensor draft) => (target.exp() * (target - draft)).sum(-1);
    }

    private sealed class ReverseKl : Divergence
    {
        public override Tensor PerRow(Tensor target, Tensor draft) => (draft.exp() * (draft - target)).sum(-1);
    }

    /// <summary>The mean of both divergences from the even mixture.</summary>
    private sealed class JensenShannon : Divergence
    {
        public override Tensor PerRow(Tensor target, Tensor draft)
        {
            Tensor middle = logaddexp(target, draft) - Math.Log(2);
            return ((target.exp() * (target - middle)) + (draft.exp() * (draft - middle))).sum(-1) * 0.5;
        }
    }

    /// <summary>One minus the probability that a speculative sampler accepts: Σ min(p, q) is the acceptance.</summary>
    private sealed class TotalVariation : Divergence
    {
        public override Tensor PerRow(Tensor target, Tensor draft) => (target.exp() - draft.exp()).abs().sum(-1) * 0.5;
    }

    /// <summary>
    /// −ln Σ min(p, q): minus the logarithm of the probability that a speculative sampler accepts. Its gradient is that of <see cref="TotalVariation"/> divided by the acceptance, so that a row where nearly
    /// nothing is accepted, on which the plain acceptance hardly moves, pulls hardest. No f-divergence; zero for equal laws like one.
    /// </summary>
    /// <remarks>Source: LK losses, arXiv 2602.23881, the form with the likelihood of acceptance alone.</remarks>
    private sealed class LogAcceptance : Divergence
    {
        public override Tensor PerRow(Tensor target, Tensor draft) => minimum(target, draft).logsumexp(-1).neg();
    }
}
