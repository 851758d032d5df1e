namespace Percheron.Decoding;

/// <summary>A policy that also tells the drafter what each step took, so that one which chooses among others knows what they cost.</summary>
/// <param name="policy">Decides; null allows 64 nodes, so that the drafter decides by its own depth.</param>
/// <param name="drafter">Is told.</param>
public sealed class TimedBudget(BudgetPolicy? policy, Drafter drafter) : BudgetPolicy
{
    private const int FreeNodes = 64;

    /// <inheritdoc/>
    public override TreePlan? Plan => policy?.Plan;

    /// <inheritdoc/>
    public override void Begin(ReadOnlySpan<Sequence> batch) => policy?.Begin(batch);

    /// <inheritdoc/>
    public override int Nodes(Sequence sequence) => policy?.Nodes(sequence) ?? FreeNodes;

    /// <inheritdoc/>
    public override void Observe(in Step step) => policy?.Observe(step);

    /// <inheritdoc/>
    public override void Observe(in StepTimes times)
    {
        policy?.Observe(times);
        drafter.ObserveTimes(times);
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence) => policy?.Release(sequence);
}
