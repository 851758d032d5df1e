namespace Percheron.Models;

/// <summary>
/// Which hidden states of a row are wanted back. State k (0 ≤ k ≤ LayerCount) is the residual stream that enters layer k, so 0 is the embedding and
/// LayerCount is what leaves the last layer; LayerCount + 1 is that after the output norm, the vector the vocabulary projection reads.
/// </summary>
public sealed class FeatureSet
{
    private readonly int[] _states;

    /// <param name="states">Numbers of the wanted states; order and repeats do not matter.</param>
    public FeatureSet(params ReadOnlySpan<int> states)
    {
        var sorted = new SortedSet<int>();
        foreach (int state in states)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(state);
            sorted.Add(state);
        }
        _states = [.. sorted];
    }

    /// <summary>No hidden state.</summary>
    public static FeatureSet None { get; } = new();

    /// <summary>State numbers, ascending.</summary>
    public ReadOnlySpan<int> States => _states;

    /// <summary>How many states are wanted.</summary>
    public int Count => _states.Length;

    /// <summary>Where <paramref name="state"/> stands in <see cref="States"/>, or −1.</summary>
    public int IndexOf(int state) => Array.BinarySearch(_states, state) is >= 0 and var at ? at : -1;

    /// <summary>The states of both sets.</summary>
    public FeatureSet Union(FeatureSet other) =>
        other.Count == 0 ? this : Count == 0 ? other : new FeatureSet([.. _states, .. other._states]);
}
