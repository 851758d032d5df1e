namespace Percheron.Benchmarks.Roofline;

/// <summary>What one call of a kernel has to do, whatever its form: the two floors of its time.</summary>
/// <param name="Bytes">Read and written, each once.</param>
/// <param name="Macs">Multiplications with addition; 0 where a kernel is bound by bytes alone.</param>
/// <param name="Integer">Whether they are products of 8-bit integers.</param>
public readonly record struct Work(long Bytes, long Macs = 0, bool Integer = false);
