namespace Percheron.Kernels;

/// <summary>
/// A small product C[r, n] = Σ_k A[r, k] · B[k, n], or C += that. Element (k, 16 v + lane) of B is <c>B[k · Step + v · Vector + lane]</c>: keys have lanes of
/// slots and depth of elements, values lanes of elements and depth of slots.
/// </summary>
internal unsafe struct AttentionOperands
{
    public float* A, B, C;

    /// <summary>Floats from row to row of A, and of C.</summary>
    public nint AStride, CStride;

    /// <summary>Floats of B from k to k + 1, and from vector to vector.</summary>
    public nint Step, Vector;

    /// <summary>Terms of an element.</summary>
    public int Depth;

    /// <summary>Vectors of a row of C, an even number.</summary>
    public int Vectors;

    /// <summary>Whether C is added to.</summary>
    public bool Adds;
}
