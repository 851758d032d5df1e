namespace Percheron.Training.Runs;

/// <summary>Where a run's rows come from. Safe for several threads; the tensors of a batch belong to the caller's scope.</summary>
public interface IRowSource
{
    /// <summary>Inputs of a row.</summary>
    int Length { get; }

    /// <summary>How many held-out rows there are.</summary>
    int HeldOutCount { get; }

    /// <summary>Training rows <paramref name="first"/>, <paramref name="first"/> + 1 …, counted over all epochs; the same whenever they are asked for.</summary>
    Batch Rows(long first, int count, ulong key);

    /// <summary>One held-out row as a batch; its documents do not see each other.</summary>
    Batch HeldOut(int row);
}
