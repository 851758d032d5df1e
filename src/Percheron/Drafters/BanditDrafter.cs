using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>
/// Finds out, for each request, which drafter pays: each is a bandit's arm, and the one with the highest upper confidence bound on committed tokens for each millisecond is asked.
/// </summary>
/// <remarks>
/// A request begins with what all requests before it have shown, as if it were a few of its own steps. Old steps fade. Where nobody measures times, a plain step, a node and a
/// draft forward have a nominal cost. All members see every finished step; which one is asked depends on finished steps alone.
/// </remarks>
[Method(Source = "BanditSpec, arXiv 2505.15141; TapOut, arXiv 2511.02017; discounted UCB: Garivier and Moulines, arXiv 0805.3415", Examples = ["bandit(suffix, model)", "bandit(ngram, recycling(nodes=10, depth=3), none)"])]
public sealed class BanditDrafter : Drafter
{
    // What a step keeps of the weight of earlier ones, and how many steps of a request earlier requests are worth.
    private const double Keep = 0.98, PriorSteps = 3;

    // How far a bound lies above the rate of an arm, in units of the best rate: small, because a wrong step costs no more than a plain one.
    private const double Explore = 0.15;

    // Nominal costs, as shares of a plain step.
    private const double RowCost = 0.03, ForwardCost = 0.1;

    private readonly Drafter[] _drafters;
    private readonly PerSequence<Arms> _arms;
    private readonly Arms _all;
    private readonly List<(Arms Arms, int Arm, int Committed, double Nominal)> _open = [];
    private DraftSlot[] _asked = [];

    private sealed class Arms(int count)
    {
        // Of each arm: steps, tokens and cost, all fading.
        public readonly double[] Steps = new double[count], Tokens = new double[count], Cost = new double[count];
        public int Chosen = -1;

        public void Add(int arm, int tokens, double cost)
        {
            for (int i = 0; i < Steps.Length; i++) (Steps[i], Tokens[i], Cost[i]) = (Steps[i] * Keep, Tokens[i] * Keep, Cost[i] * Keep);
            (Steps[arm], Tokens[arm], Cost[arm]) = (Steps[arm] + 1, Tokens[arm] + tokens, Cost[arm] + cost);
        }

        public double Rate(int arm) => Cost[arm] > 0 ? Tokens[arm] / Cost[arm] : 0;
    }

    /// <param name="drafters">The arms; at least one. <c>none</c> among them is plain decoding.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public BanditDrafter(params Drafter[] drafters)
    {
        if (drafters.Length == 0) throw new ArgumentException("bandit needs at least one drafter, as in bandit(suffix, model)", nameof(drafters));
        (_drafters, Features) = ([.. drafters], FeatureSet.None);
        foreach (Drafter drafter in drafters) Features = Features.Union(drafter.Features);
        _all = new Arms(drafters.Length);
        _arms = new PerSequence<Arms>(_ => Begin());
    }

    /// <inheritdoc/>
    public override FeatureSet Features { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Drafter> Members => _drafters;

    /// <inheritdoc/>
    public override void Draft(ReadOnlySpan<DraftSlot> batch)
    {
        if (_asked.Length < batch.Length) _asked = new DraftSlot[batch.Length];
        Settle(double.NaN);
        foreach (DraftSlot slot in batch) _arms[slot.Sequence].Chosen = Choose(_arms[slot.Sequence]);
        for (int arm = 0; arm < _drafters.Length; arm++)
        {
            int count = 0;
            foreach (DraftSlot slot in batch)
            {
                if (_arms[slot.Sequence].Chosen != arm) continue;
                slot.Tree.Author = _drafters[arm];
                _asked[count++] = slot;
            }
            if (count > 0) _drafters[arm].Draft(_asked.AsSpan(0, count));
        }
    }

    /// <inheritdoc/>
    public override void Verifying(ReadOnlySpan<DraftSlot> batch)
    {
        foreach (Drafter drafter in _drafters) drafter.Verifying(batch);
    }

    /// <inheritdoc/>
    public override void Observe(in Step step)
    {
        foreach (Drafter drafter in _drafters) drafter.Observe(step);
        if (!step.HasLogits || !_arms.TryGet(step.Sequence, out Arms? arms) || arms.Chosen < 0) return;
        _open.Add((arms, arms.Chosen, step.Acceptance.HasNext ? step.Acceptance.Path.Length + 1 : 0, 1 + (RowCost * (step.Tree.Count - 1)) + (ForwardCost * step.Tree.Forwards)));
        arms.Chosen = -1;
    }

    /// <inheritdoc/>
    public override void ObserveTimes(in StepTimes times)
    {
        base.ObserveTimes(times);
        // What reading a prompt takes says nothing about who drafted.
        if (times.Prefill) _open.Clear();
        else Settle(times.Ms / Math.Max(1, times.Sequences));
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence)
    {
        foreach (Drafter drafter in _drafters) drafter.Release(sequence);
        _arms.Release(sequence);
        // The buffer would keep the sequences of its largest batch alive.
        Array.Clear(_asked);
    }

    private Arms Begin()
    {
        var arms = new Arms(_drafters.Length);
        for (int arm = 0; arm < _drafters.Length; arm++)
        {
            double steps = Math.Min(PriorSteps, _all.Steps[arm]), share = steps > 0 ? steps / _all.Steps[arm] : 0;
            (arms.Steps[arm], arms.Tokens[arm], arms.Cost[arm]) = (steps, share * _all.Tokens[arm], share * _all.Cost[arm]);
        }
        return arms;
    }

    private static int Choose(Arms arms)
    {
        double steps = 0, most = 0;
        for (int arm = 0; arm < arms.Steps.Length; arm++)
        {
            if (arms.Steps[arm] == 0) return arm;
            (steps, most) = (steps + arms.Steps[arm], Math.Max(most, arms.Rate(arm)));
        }
        (int best, double bound) = (0, double.NegativeInfinity);
        for (int arm = 0; arm < arms.Steps.Length; arm++)
        {
            double upper = arms.Rate(arm) + (Explore * most * Math.Sqrt(Math.Log(1 + steps) / arms.Steps[arm]));
            if (upper > bound) (best, bound) = (arm, upper);
        }
        return best;
    }

    // Closes the steps that are not paid for yet, at this cost for each or at the nominal one.
    private void Settle(double cost)
    {
        foreach ((Arms arms, int arm, int committed, double nominal) in _open)
        {
            double paid = double.IsNaN(cost) ? nominal : cost;
            arms.Add(arm, committed, paid);
            _all.Add(arm, committed, paid);
        }
        _open.Clear();
    }
}
