namespace Percheron.Planning;

/// <summary>What a forward of <paramref name="N"/> rows takes, logits for all of them.</summary>
/// <param name="N">Rows, at least 1.</param>
/// <param name="Ms">Milliseconds.</param>
public readonly record struct RowCost(int N, double Ms);
