namespace Percheron.Decoding;

/// <summary>What one step of a batch took.</summary>
/// <param name="Sequences">Sequences of the batch.</param>
/// <param name="Rows">Rows the target evaluated.</param>
/// <param name="Nodes">How many of them were drafted.</param>
/// <param name="Committed">Tokens committed.</param>
/// <param name="Prefill">Whether a prompt, or a chunk of it, was read.</param>
/// <param name="DraftMs">Drafting and observing.</param>
/// <param name="TargetMs">The target's forward and verification.</param>
public readonly record struct StepTimes(int Sequences, int Rows, int Nodes, long Committed, bool Prefill, double DraftMs, double TargetMs)
{
    /// <summary>The rows, those that a draft had begun counted by the share of the layers that was left to the target.</summary>
    public double Work
    {
        get => field > 0 ? field : Rows;
        init;
    }

    /// <summary>The whole step.</summary>
    public double Ms => DraftMs + TargetMs;
}
