namespace Percheron.Kernels;

/// <summary>Which two elements of a head a rotation turns.</summary>
public enum RopeLayout
{
    /// <summary>Elements 2i and 2i + 1 (Llama as GGUF stores it, "norm").</summary>
    Adjacent,

    /// <summary>Elements i and i + rotated / 2 ("neox": Qwen, Phi-3).</summary>
    Halves,
}
