namespace Percheron.Kernels.Native;

/// <summary>The general registers of x64, by their numbers in machine code.</summary>
internal enum General
{
    Rax,
    Rcx,
    Rdx,
    Rbx,
    Rsp,
    Rbp,
    Rsi,
    Rdi,
    R8,
    R9,
    R10,
    R11,
    R12,
    R13,
    R14,
    R15,
}
