namespace Percheron.Models;

/// <summary>The first committed rows of several caches, which none of them changes; freed when the last one lets go.</summary>
/// <param name="store">The rows.</param>
/// <param name="rows">How many, a multiple of <see cref="Kernels.Attention.Chunk"/>.</param>
internal sealed class SharedPrefix(KeyValueStore store, int rows)
{
    private int _holders = 1;

    public KeyValueStore Store => store;

    public int Rows => rows;

    /// <summary>Bytes that one of the holders answers for.</summary>
    public long BytesEach => store.Bytes / _holders;

    /// <summary>One more cache has these rows.</summary>
    public SharedPrefix Hold()
    {
        Interlocked.Increment(ref _holders);
        return this;
    }

    /// <summary>One cache less has them.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0) store.Dispose();
    }
}
