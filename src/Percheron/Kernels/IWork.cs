namespace Percheron.Kernels;

/// <summary>Something a <see cref="ThreadTeam"/> can do in parts. Implementations are preallocated and reused.</summary>
public interface IWork
{
    /// <summary>Does part <paramref name="part"/> of <paramref name="parts"/>. Each part is executed exactly once, by any thread.</summary>
    void Execute(int part, int parts);
}
