using Percheron.Decoding;

namespace Percheron.Evaluation.Translation;

/// <summary>The draws that make one pair: a pure function of seed and index, so that any pair can be made without those before it.</summary>
internal sealed class Dice(ulong seed, long index)
{
    private ulong _drawn;

    /// <summary>A number from 0 below <paramref name="count"/>.</summary>
    public int Below(int count) => (int)Math.BigMul(Philox.Bits(seed, _drawn++, (ulong)index), (ulong)count, out _);

    /// <summary>A number between two, both included.</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    /// <summary>True in so many of a hundred cases.</summary>
    public bool Percent(int chance) => Below(100) < chance;

    /// <summary>One of them.</summary>
    public T Of<T>(IReadOnlyList<T> list) => list[Below(list.Count)];
}
