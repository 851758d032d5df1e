using Percheron.Kernels.Native;
using Xunit;

namespace Percheron.Tests.Kernels.Native;

/// <summary>The expected bytes are those of GNU as (Intel syntax), for registers and displacements on both sides of every encoding boundary.</summary>
public sealed class AssemblerTests
{
    public static TheoryData<string, string> Instructions => new()
    {
        { "mov rax, r13", "4C89E8" },
        { "mov r9, [rbp]", "4C8B4D00" },
        { "mov r12, [rsp+r9*4+0x12]", "4E8B648C12" },
        { "lea r14, [r8+r8*2]", "4F8D3440" },
        { "add rbx, r15", "4C01FB" },
        { "add rsp, -640", "4881C480FDFFFF" },
        { "add r14, [rax+88]", "4C037058" },
        { "prefetcht0 [r14+128]", "410F188E80000000" },
        { "prefetcht1 [rdi+rcx*8+0x12345]", "400F1894CF45230100" },
        { "push r12", "4154" },
        { "pop rbx", "5B" },
        { "vzeroupper, ret", "C5F877C3" },
        { "vmovups zmm17, [rdi+64]", "62E17C48104F01" },
        { "vmovups zmm3, [r13+100]", "62D17C48109D64000000" },
        { "vmovups [r12+r14+0x2000], zmm30", "62017C4811B43400200000" },
        { "vmovaps zmm8, zmm24", "62117C4828C0" },
        { "vpbroadcastd zmm31, [rax+96]", "62627D48587818" },
        { "vpdpbusd zmm0, zmm25, zmm14", "62D2354050C6" },
        { "vpdpbusd zmm21, zmm9, [rsi+r11+508]{1to16}", "62A23558506C1E7F" },
        { "vpdpbusd zmm21, zmm9, [rsi+r11+512]{1to16}", "62A2355850AC1E00020000" },
        { "vdpbf16ps zmm19, zmm12, zmm27", "62821E4852DB" },
        { "vdpbf16ps zmm2, zmm30, [rdx+r9*4+508]{1to16}", "62B20E5052548A7F" },
        { "vdpbf16ps zmm23, zmm1, [rsi+r13]{1to16}", "62A27658523C2E" },
        { "vcvtdq2ps zmm16, zmm16", "62A17C485BC0" },
        { "vcvtph2ps zmm12, [rdi+1056]", "62727D48136721" },
        { "vmulps zmm1, zmm2, zmm19", "62B16C4859CB" },
        { "vmulps zmm13, zmm28, [rdx+r8*8-4]{1to16}", "62311C50596CC2FF" },
        { "vfmadd231ps zmm20, zmm4, zmm31", "62825D48B8E7" },
        { "vpandd zmm5, zmm15, zmm30", "62910548DBEE" },
        { "vpxord zmm29, zmm29, zmm29", "62011540EFED" },
        { "vpaddd zmm6, zmm22, zmm7", "62F14D40FEF7" },
        { "vpsrlw zmm10, zmm26, 4", "62912D4871D204" },
        { "vpsrld zmm18, zmm11, 28", "62D16D4072D31C" },
        { "vpsrad zmm23, [rcx+r10*2+4]{1to16}, 4", "62B145507264510104" },
    };

    [Theory]
    [MemberData(nameof(Instructions))]
    public void Writes_the_bytes_of_another_assembler(string instruction, string bytes)
    {
        Assembler code = new();
        Write(code, instruction);
        Assert.Equal(bytes, Convert.ToHexString(code.Code));
    }

    [Fact]
    public void A_loop_counts_down_and_jumps_back()
    {
        Assembler code = new();
        code.Push(General.Rbx);
        int start = code.Length;
        code.Loop(General.Rbp, start);
        Assert.Equal("534881ED010000000F85F3FFFFFF", Convert.ToHexString(code.Code));
    }

    private static void Write(Assembler code, string instruction)
    {
        switch (instruction)
        {
            case "mov rax, r13": code.Move(General.Rax, General.R13); break;
            case "mov r9, [rbp]": code.Load(General.R9, new Address(General.Rbp)); break;
            case "mov r12, [rsp+r9*4+0x12]": code.Load(General.R12, new Address(General.Rsp, 0x12, General.R9, 4)); break;
            case "lea r14, [r8+r8*2]": code.LoadAddress(General.R14, new Address(General.R8, 0, General.R8, 2)); break;
            case "add rbx, r15": code.Add(General.Rbx, General.R15); break;
            case "add rsp, -640": code.Add(General.Rsp, -640); break;
            case "add r14, [rax+88]": code.Add(General.R14, new Address(General.Rax, 88)); break;
            case "prefetcht0 [r14+128]": code.Prefetch(new Address(General.R14, 128), 1); break;
            case "prefetcht1 [rdi+rcx*8+0x12345]": code.Prefetch(new Address(General.Rdi, 0x12345, General.Rcx, 8), 2); break;
            case "push r12": code.Push(General.R12); break;
            case "pop rbx": code.Pop(General.Rbx); break;
            case "vzeroupper, ret": code.Return(); break;
            case "vmovups zmm17, [rdi+64]": code.Load(17, new Address(General.Rdi, 64)); break;
            case "vmovups zmm3, [r13+100]": code.Load(3, new Address(General.R13, 100)); break;
            case "vmovups [r12+r14+0x2000], zmm30": code.Store(new Address(General.R12, 0x2000, General.R14), 30); break;
            case "vmovaps zmm8, zmm24": code.Move(8, 24); break;
            case "vpbroadcastd zmm31, [rax+96]": code.Broadcast(31, new Address(General.Rax, 96)); break;
            case "vpdpbusd zmm0, zmm25, zmm14": code.Dot(0, 25, 14); break;
            case "vpdpbusd zmm21, zmm9, [rsi+r11+508]{1to16}": code.DotBroadcast(21, 9, new Address(General.Rsi, 508, General.R11)); break;
            case "vpdpbusd zmm21, zmm9, [rsi+r11+512]{1to16}": code.DotBroadcast(21, 9, new Address(General.Rsi, 512, General.R11)); break;
            case "vdpbf16ps zmm19, zmm12, zmm27": code.DotBrain(19, 12, 27); break;
            case "vdpbf16ps zmm2, zmm30, [rdx+r9*4+508]{1to16}": code.DotBrainBroadcast(2, 30, new Address(General.Rdx, 508, General.R9, 4)); break;
            case "vdpbf16ps zmm23, zmm1, [rsi+r13]{1to16}": code.DotBrainBroadcast(23, 1, new Address(General.Rsi, 0, General.R13)); break;
            case "vcvtdq2ps zmm16, zmm16": code.ToSingle(16, 16); break;
            case "vcvtph2ps zmm12, [rdi+1056]": code.HalvesToSingle(12, new Address(General.Rdi, 1056)); break;
            case "vmulps zmm1, zmm2, zmm19": code.Multiply(1, 2, 19); break;
            case "vmulps zmm13, zmm28, [rdx+r8*8-4]{1to16}": code.MultiplyBroadcast(13, 28, new Address(General.Rdx, -4, General.R8, 8)); break;
            case "vfmadd231ps zmm20, zmm4, zmm31": code.Fused(20, 4, 31); break;
            case "vpandd zmm5, zmm15, zmm30": code.And(5, 15, 30); break;
            case "vpxord zmm29, zmm29, zmm29": code.Xor(29, 29, 29); break;
            case "vpaddd zmm6, zmm22, zmm7": code.AddInts(6, 22, 7); break;
            case "vpsrlw zmm10, zmm26, 4": code.ShiftRight16(10, 26, 4); break;
            case "vpsrld zmm18, zmm11, 28": code.ShiftRight32(18, 11, 28); break;
            case "vpsrad zmm23, [rcx+r10*2+4]{1to16}, 4": code.ShiftRightSignedBroadcast(23, new Address(General.Rcx, 4, General.R10, 2), 4); break;
            default: throw new ArgumentException(instruction);
        }
    }
}
