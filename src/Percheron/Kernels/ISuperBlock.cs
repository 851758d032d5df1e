namespace Percheron.Kernels;

/// <summary>A stored super-block of 256 weights, unpacked for use with several activation rows.</summary>
internal unsafe interface ISuperBlock<TSelf, TLanes>
    where TSelf : struct, ISuperBlock<TSelf, TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    static abstract int Bytes { get; }

    static abstract TSelf Unpack(byte* source);

    /// <summary>Adds the product with 256 quantized activations, their sums of 16 and their scale.</summary>
    TLanes Step(TLanes sum, byte* quants, byte* sums, float scale);
}
