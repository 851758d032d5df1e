namespace Percheron.Kernels;

/// <summary>Products of one group of sixteen outputs with several activation rows. Per output, the operations and their order do not depend on the number of rows.</summary>
internal unsafe interface IGroupTile
{
    /// <summary>Activation rows of the largest tile whose values fit the registers, at most 12.</summary>
    static abstract int MaxRows { get; }

    /// <summary>Writes y[t, o] of a group into <paramref name="y"/> [rows, 16].</summary>
    static abstract void Run<TCount>(in GroupProduct p, byte* group, byte* x, float* y)
        where TCount : struct, IRowCount;
}
