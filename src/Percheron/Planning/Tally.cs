namespace Percheron.Planning;

/// <summary>A hit rate that forgets: by trials, so that it follows the text, and by time, so that what was given up is tried again one day.</summary>
internal struct Tally
{
    // Trials that count, and steps after which what is known counts half.
    private const float Window = 48, HalfTime = 512;

    private float _hits, _trials;
    private long _at;

    /// <summary>Trials that count now.</summary>
    public readonly float Weight(long now) => _trials / (1 + ((now - _at) / HalfTime));

    /// <summary>Hits by trials, as if <paramref name="weight"/> trials at rate <paramref name="prior"/> had been seen before.</summary>
    public readonly float Rate(float prior, float weight, long now)
    {
        float fade = 1 / (1 + ((now - _at) / HalfTime));
        return ((_hits * fade) + (prior * weight)) / ((_trials * fade) + weight);
    }

    /// <summary>Counts one trial.</summary>
    public void Add(bool hit, long now)
    {
        float keep = (1 - (1 / Window)) / (1 + ((now - _at) / HalfTime));
        (_hits, _trials, _at) = ((_hits * keep) + (hit ? 1 : 0), (_trials * keep) + 1, now);
    }
}
