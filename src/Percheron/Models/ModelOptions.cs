using Percheron.Kernels;

namespace Percheron.Models;

/// <summary>How a transformer is run; nothing here changes what it answers, except the precision of the cache and the context a long-rope model is made for.</summary>
public sealed record ModelOptions
{
    /// <summary>Threads that share each forward, the caller's included; 0 = one per physical core (<see cref="PhysicalCores"/>). Unused where <see cref="Team"/> is given.</summary>
    public int Threads { get; init; }

    /// <summary>Positions wanted; 0 = as many as the model was made for, which is also the upper bound.</summary>
    public int ContextLength { get; init; }

    /// <summary>Precision of the caches.</summary>
    public CacheType CacheType { get; init; } = CacheType.Auto;

    /// <summary>Threads to share with other models that run in turn with this one; the caller disposes it.</summary>
    public ThreadTeam? Team { get; init; }

    /// <summary>Clock that tells while loading whether memory comes fast; nothing a model answers depends on it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    internal int ThreadCount => Team?.Threads ?? (Threads > 0 ? Threads : PhysicalCores.Count);
}
