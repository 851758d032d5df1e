namespace Percheron.Models;

/// <summary>Keys and values of an encoder's states in every layer of a decoder. All caches over one input read them and none changes them; they are freed when the last holder lets go.</summary>
/// <param name="store">One row for each state.</param>
/// <param name="frames">How many.</param>
/// <param name="finite">Whether no key or value is an infinity or NaN.</param>
internal sealed unsafe class CrossMemory(KeyValueStore store, int frames, bool finite)
{
    private int _holders = 1;

    /// <summary>Number of states.</summary>
    public int Frames => frames;

    /// <summary>Whether no key or value is an infinity or NaN.</summary>
    public bool IsFinite => finite;

    /// <summary>Keys of all states in a head of a layer.</summary>
    public byte* Keys(int layer, int head) => store.Keys(layer, head);

    /// <summary>As <see cref="Keys"/>, of values.</summary>
    public byte* Values(int layer, int head) => store.Values(layer, head);

    /// <summary>One more holder.</summary>
    public CrossMemory Hold()
    {
        Interlocked.Increment(ref _holders);
        return this;
    }

    /// <summary>One holder less.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0) store.Dispose();
    }
}
