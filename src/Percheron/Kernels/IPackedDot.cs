using System.Runtime.Intrinsics;

namespace Percheron.Kernels;

/// <summary>Products of a chunk of packed weights with four activations; sums are exact integers, so all forms agree.</summary>
internal interface IPackedDot
{
    /// <summary>What the sums of a block start from: minus what the weights' offset adds, where the form multiplies the stored quants as they are.</summary>
    /// <param name="start">−offset · the sum of the block's activations.</param>
    static abstract Vector256<int> Start(int start);

    /// <summary>sums[r] + Σ over i of (w[4r + i] − offset) · x[i]; the offset is counted by <see cref="Start"/> where that does.</summary>
    /// <param name="sums">One sum for each of eight rows.</param>
    /// <param name="w">A chunk.</param>
    /// <param name="x">Four activations in every four bytes.</param>
    /// <param name="offset">Offset of the weights.</param>
    static abstract Vector256<int> Add(Vector256<int> sums, Vector256<byte> w, Vector256<sbyte> x, byte offset);
}
