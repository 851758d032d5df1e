namespace Percheron.Kernels.Native;

/// <summary>How the manual writes a 512-bit instruction: EVEX.512.{prefix}.{map}.{W1 if wide} {opcode} /r.</summary>
/// <param name="Prefix">0 = none, 1 = 66, 2 = F3, 3 = F2.</param>
/// <param name="Map">1 = 0F, 2 = 0F38, 3 = 0F3A.</param>
/// <param name="Opcode">The byte.</param>
/// <param name="Wide">EVEX.W.</param>
/// <param name="Unit">Bytes that the instruction reads or writes in memory; a short displacement counts in these.</param>
internal readonly record struct Encoding(int Prefix, int Map, byte Opcode, bool Wide = false, int Unit = 64);
