using System.Buffers.Binary;

namespace Percheron.Kernels.Native;

/// <summary>
/// Writes x64 machine code: the few general instructions that loops need, and 512-bit instructions in their EVEX form, of which .NET 10 does not expose all (VPDPBUSD and
/// VDPBF16PS on zmm). Vector registers are the numbers 0 … 31.
/// </summary>
/// <remarks>A new vector instruction is one <see cref="Encoding"/> and one line; its test compares it with the bytes that another assembler makes.</remarks>
internal sealed class Assembler
{
    private static readonly Encoding LoadSingles = new(0, 1, 0x10), StoreSingles = new(0, 1, 0x11), Copy = new(0, 1, 0x28), BroadcastInt32 = new(1, 2, 0x58, Unit: 4),
        DotBytes = new(1, 2, 0x50), DotBrains = new(2, 2, 0x52), Int32ToSingle = new(0, 1, 0x5B), HalfToSingle = new(1, 2, 0x13, Unit: 32), MultiplySingles = new(0, 1, 0x59), FusedSingles = new(1, 2, 0xB8),
        AndBits = new(1, 1, 0xDB), XorBits = new(1, 1, 0xEF), AddInt32 = new(1, 1, 0xFE), Shift16 = new(1, 1, 0x71), Shift32 = new(1, 1, 0x72);

    private byte[] _code = new byte[4096];

    /// <summary>Bytes written so far: where the next instruction starts.</summary>
    public int Length { get; private set; }

    public ReadOnlySpan<byte> Code => _code.AsSpan(0, Length);

    public void Move(General target, General source) => Register(0x89, source, target);

    public void Load(General target, Address source) => Memory(0x8B, target, source);

    /// <summary>target = the address itself.</summary>
    public void LoadAddress(General target, Address source) => Memory(0x8D, target, source);

    public void Add(General target, General source) => Register(0x01, source, target);

    public void Add(General target, int value)
    {
        Register(0x81, 0, target);
        Int32(value);
    }

    /// <summary>target += what lies at <paramref name="source"/>.</summary>
    public void Add(General target, Address source) => Memory(0x03, target, source);

    /// <summary>PREFETCHT0 (<paramref name="level"/> 1: into the nearest cache) or PREFETCHT1 (2: the second one).</summary>
    public void Prefetch(Address line, int level)
    {
        Rex(false, 0, line);
        Bytes(0x0F, 0x18);
        Operand(level, line, 1);
    }

    public void Push(General register) => Short(0x50, register);

    public void Pop(General register) => Short(0x58, register);

    /// <summary>target −= 1, and back to <paramref name="start"/> (a <see cref="Length"/> of before) unless it is 0 now.</summary>
    public void Loop(General target, int start)
    {
        Register(0x81, (General)5, target);
        Int32(1);
        Bytes(0x0F, 0x85);
        Int32(start - (Length + 4));
    }

    /// <summary>VZEROUPPER and RET: leaves the upper halves of vectors clean, as callers expect, and returns.</summary>
    public void Return() => Bytes(0xC5, 0xF8, 0x77, 0xC3);

    /// <summary>VMOVUPS.</summary>
    public void Load(int target, Address source) => Vector(LoadSingles, target, 0, source);

    /// <summary>VMOVUPS.</summary>
    public void Store(Address target, int source) => Vector(StoreSingles, source, 0, target);

    /// <summary>VMOVAPS.</summary>
    public void Move(int target, int source) => Vector(Copy, target, 0, source);

    /// <summary>VPBROADCASTD: sixteen times the four bytes at <paramref name="source"/>.</summary>
    public void Broadcast(int target, Address source) => Vector(BroadcastInt32, target, 0, source);

    /// <summary>VPDPBUSD: adds to each of 16 ints of <paramref name="sums"/> the products of four bytes, the first side unsigned, the second signed.</summary>
    public void Dot(int sums, int unsigned, int signed) => Vector(DotBytes, sums, unsigned, signed);

    /// <summary>VPDPBUSD whose signed side is sixteen times the four bytes in memory.</summary>
    public void DotBroadcast(int sums, int unsigned, Address signed) => Vector(DotBytes, sums, unsigned, signed, broadcast: true);

    /// <summary>VDPBF16PS: adds to each of 16 floats the products of two bfloat16 values, the second one first, each by an FMA.</summary>
    public void DotBrain(int sums, int first, int second) => Vector(DotBrains, sums, first, second);

    /// <summary>VDPBF16PS whose second side is sixteen times the two values in memory.</summary>
    public void DotBrainBroadcast(int sums, int first, Address second) => Vector(DotBrains, sums, first, second, broadcast: true);

    /// <summary>VCVTDQ2PS.</summary>
    public void ToSingle(int target, int source) => Vector(Int32ToSingle, target, 0, source);

    /// <summary>VCVTPH2PS of 16 halves in memory.</summary>
    public void HalvesToSingle(int target, Address source) => Vector(HalfToSingle, target, 0, source);

    /// <summary>VMULPS.</summary>
    public void Multiply(int target, int first, int second) => Vector(MultiplySingles, target, first, second);

    /// <summary>VMULPS whose second side is sixteen times the float in memory.</summary>
    public void MultiplyBroadcast(int target, int first, Address second) => Vector(MultiplySingles, target, first, second, broadcast: true);

    /// <summary>VFMADD231PS: target = first · second + target, rounded once.</summary>
    public void Fused(int target, int first, int second) => Vector(FusedSingles, target, first, second);

    /// <summary>VPANDD.</summary>
    public void And(int target, int first, int second) => Vector(AndBits, target, first, second);

    /// <summary>VPXORD.</summary>
    public void Xor(int target, int first, int second) => Vector(XorBits, target, first, second);

    /// <summary>VPADDD.</summary>
    public void AddInts(int target, int first, int second) => Vector(AddInt32, target, first, second);

    /// <summary>VPSRLW.</summary>
    public void ShiftRight16(int target, int source, byte bits) => Immediate(bits, Shift16, 2, target, source);

    /// <summary>VPSRLD.</summary>
    public void ShiftRight32(int target, int source, byte bits) => Immediate(bits, Shift32, 2, target, source);

    /// <summary>VPSRAD of sixteen times the int in memory: sign bits come in.</summary>
    public void ShiftRightSignedBroadcast(int target, Address source, byte bits)
    {
        Vector(Shift32, 4, target, source, broadcast: true);
        Bytes(bits);
    }

    private void Immediate(byte value, Encoding encoding, int digit, int target, int source)
    {
        Vector(encoding, digit, target, source);
        Bytes(value);
    }

    private void Vector(Encoding encoding, int target, int first, int second)
    {
        Evex(encoding, target, first, (second & 8) != 0, (second & 16) != 0, false);
        Bytes((byte)(0xC0 | ((target & 7) << 3) | (second & 7)));
    }

    private void Vector(Encoding encoding, int target, int first, Address second, bool broadcast = false)
    {
        Evex(encoding, target, first, ((int)second.Base & 8) != 0, ((int)(second.Index ?? 0) & 8) != 0, broadcast);
        Operand(target & 7, second, broadcast ? 4 : encoding.Unit);
    }

    // 62, then the register bits that did not fit elsewhere, inverted: R, X, B, R' and the map; W, vvvv and the prefix; vector length, broadcast and V'.
    private void Evex(Encoding e, int target, int first, bool b, bool x, bool broadcast)
    {
        int one = ((target & 8) != 0 ? 0 : 0x80) | (x ? 0 : 0x40) | (b ? 0 : 0x20) | ((target & 16) != 0 ? 0 : 0x10) | e.Map;
        int two = (e.Wide ? 0x80 : 0) | ((~first & 15) << 3) | 4 | e.Prefix;
        int three = 0x40 | (broadcast ? 0x10 : 0) | ((first & 16) != 0 ? 0 : 8);
        Bytes(0x62, (byte)one, (byte)two, (byte)three, e.Opcode);
    }

    private void Short(byte opcode, General register)
    {
        if ((int)register >= 8) Bytes(0x41);
        Bytes((byte)(opcode | ((int)register & 7)));
    }

    private void Register(byte opcode, General reg, General rm) =>
        Bytes((byte)(0x48 | ((int)reg >> 3 << 2) | ((int)rm >> 3)), opcode, (byte)(0xC0 | (((int)reg & 7) << 3) | ((int)rm & 7)));

    private void Memory(byte opcode, General reg, Address address)
    {
        Rex(true, (int)reg, address);
        Bytes(opcode);
        Operand((int)reg & 7, address, 1);
    }

    private void Rex(bool wide, int reg, Address address) =>
        Bytes((byte)(0x40 | (wide ? 8 : 0) | (reg >> 3 << 2) | ((int)(address.Index ?? 0) >> 3 << 1) | ((int)address.Base >> 3)));

    // ModRM, SIB where there is an index or the base is one that needs it, and the displacement: one byte in units where it fits.
    private void Operand(int reg, Address address, int unit)
    {
        int low = (int)address.Base & 7, displacement = address.Displacement;
        bool isShort = displacement % unit == 0 && displacement / unit is >= sbyte.MinValue and <= sbyte.MaxValue, isNone = displacement == 0 && low != 5;
        int mode = isNone ? 0 : isShort ? 0x40 : 0x80;
        if (address.Index is { } index)
            Bytes((byte)(mode | (reg << 3) | 4), (byte)(int.Log2(address.Scale) << 6 | (((int)index & 7) << 3) | low));
        else if (low == 4)
            Bytes((byte)(mode | (reg << 3) | 4), 0x24);
        else
            Bytes((byte)(mode | (reg << 3) | low));
        if (isNone) return;
        if (isShort) Bytes((byte)(displacement / unit));
        else Int32(displacement);
    }

    private void Int32(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        Bytes(bytes);
    }

    private void Bytes(params ReadOnlySpan<byte> bytes)
    {
        while (Length + bytes.Length > _code.Length) Array.Resize(ref _code, 2 * _code.Length);
        bytes.CopyTo(_code.AsSpan(Length));
        Length += bytes.Length;
    }
}
