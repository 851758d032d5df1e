namespace Percheron.Kernels.Native;

/// <summary>Enters and leaves a function of one pointer by the conventions of the system it runs on; the body may use every register but the stack pointer.</summary>
internal static class Frame
{
    private const int FirstKept = 6, Kept = 10;

    private static readonly General[] Saved = [General.Rbx, General.Rbp, General.Rsi, General.Rdi, General.R12, General.R13, General.R14, General.R15];

    /// <summary>Saves what a callee must keep and moves the argument.</summary>
    public static void Enter(Assembler code, General argument)
    {
        foreach (General register in Saved) code.Push(register);
        code.Move(argument, OperatingSystem.IsWindows() ? General.Rcx : General.Rdi);
        if (!OperatingSystem.IsWindows()) return;

        // Windows keeps the low quarters of vectors 6 … 15.
        code.Add(General.Rsp, -64 * Kept);
        for (int i = 0; i < Kept; i++) code.Store(new Address(General.Rsp, 64 * i), FirstKept + i);
    }

    /// <summary>Restores and returns.</summary>
    public static void Leave(Assembler code)
    {
        if (OperatingSystem.IsWindows())
        {
            for (int i = 0; i < Kept; i++) code.Load(FirstKept + i, new Address(General.Rsp, 64 * i));
            code.Add(General.Rsp, 64 * Kept);
        }
        for (int i = Saved.Length - 1; i >= 0; i--) code.Pop(Saved[i]);
        code.Return();
    }
}
