namespace Percheron.Evaluation.Scenes;

/// <summary>
/// The random numbers of one scene: a sequence whose whole state is one number, made of the seed and the scene's number, so that any scene can be had without those before it.
/// Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (2014).
/// </summary>
internal struct SceneDraw(ulong seed, long index)
{
    private ulong _state = Mix(seed + 0x9E3779B97F4A7C15) ^ Mix(unchecked((ulong)index * 0xD1342543DE82EF95) + 0x2545F4914F6CDD1D);

    /// <summary>A whole number from 0 to <paramref name="count"/> − 1.</summary>
    public int Below(int count) => (int)((Next() >> 33) * (ulong)count >> 31);

    /// <summary>True this often of a hundred times.</summary>
    public bool Percent(int chance) => Below(100) < chance;

    /// <summary>A number from <paramref name="low"/> to <paramref name="high"/> in 256 steps.</summary>
    public float Between(float low, float high) => low + ((high - low) * (Below(257) / 256f));

    private ulong Next() => Mix(_state = unchecked(_state + 0x9E3779B97F4A7C15));

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
