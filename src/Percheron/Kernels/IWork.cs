namespace Percheron.Kernels;

/// <summary>Something a <see cref="ThreadTeam"/> can do in parts. Implementations are preallocated and reused.</summary>
public interface IWork
{
    /// <summary>Does part <paramref name="part"/> of <paramref name="parts"/>. Each part is executed exactly once, by any thread.</summary>
    /// <param name="part">From 0.</param>
    /// <param name="parts">Parts of this run.</param>
    /// <param name="thread">The executing thread's number in the team, 0 being the caller: the place of its scratch. It must not show in results.</param>
    void Execute(int part, int parts, int thread);
}
