namespace Percheron.Kernels.Native;

/// <summary>A place in memory: base + index × scale + displacement.</summary>
/// <param name="Base">Any register.</param>
/// <param name="Displacement">Bytes.</param>
/// <param name="Index">Any register but the stack pointer; none if null.</param>
/// <param name="Scale">1, 2, 4 or 8.</param>
internal readonly record struct Address(General Base, int Displacement = 0, General? Index = null, int Scale = 1)
{
    public static Address operator +(Address address, int bytes) => address with { Displacement = address.Displacement + bytes };
}
