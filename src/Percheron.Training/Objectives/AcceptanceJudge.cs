using Percheron.Models.Heads;
using Percheron.Training.Nets;
using Percheron.Training.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>SpecDec++: cross-entropy of accepted or refused, where refusals count for more because they are few.</summary>
/// <remarks>
/// Source: SpecDec++, arXiv 2405.19715. A token drawn from q is accepted with the probability Σ min(p, q), which stands for many draws. The draft reads the corpus, not tokens of its own that were refused, so
/// the mixing of such tokens is left out; its place in the draft is drawn.
/// </remarks>
/// <param name="target">Whose law it is.</param>
/// <param name="refused">What a refusal counts for.</param>
public sealed class AcceptanceJudge(TargetHead target, double refused) : IObjective<AcceptanceNet>
{
    private const int Places = 8;

    /// <inheritdoc/>
    public Tensor Loss(AcceptanceNet net, Batch batch)
    {
        (Tensor features, Tensor accepted) = Read(net, batch);
        Tensor logits = net.Logits(features);
        return ((accepted * nn.functional.softplus(-logits)) + (refused * (1 - accepted) * nn.functional.softplus(logits))).mean();
    }

    // What the runtime's head reads, and how often a token drawn there is accepted.
    private (Tensor Features, Tensor Accepted) Read(AcceptanceNet net, Batch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        Tensor draft = nn.functional.log_softmax(net.Draft.Logits(net.Draft.Hidden(batch.Inputs, batch.Mask(net.Draft.Compute))).to(ScalarType.Float32), -1), q = draft.exp();
        Tensor p = target.Law(batch.State(target.LastState)).exp().view(q.shape);
        (Tensor best, _) = q.topk(AcceptanceHead.Best, 1);
        Tensor entropy = -(q * draft).sum(-1, keepdim: true), place = arange(q.shape[0]).remainder(Places).to(ScalarType.Float32).unsqueeze(1);
        return (cat([best, entropy, place], 1).MoveToOuterDisposeScope(), minimum(p, q).sum(-1).MoveToOuterDisposeScope());
    }
}
