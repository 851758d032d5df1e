namespace Percheron.Decoding;

/// <summary>What a verifier read off the target's answer: the accepted path and the token the target adds after it.</summary>
public readonly ref struct Acceptance
{
    private readonly int _next;

    /// <param name="path">Accepted nodes from below the root down, the root excluded; the verifier's own buffer, read before it is asked again.</param>
    /// <param name="next">The token the target adds: a correction, or a bonus where the whole path was accepted.</param>
    public Acceptance(ReadOnlySpan<int> path, int next)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(next);
        Path = path;
        _next = next + 1;
    }

    /// <summary>Commits nothing: another refinement round is wanted, or the prompt is not yet read.</summary>
    public static Acceptance None => default;

    /// <summary>Accepted nodes, from below the root down.</summary>
    public ReadOnlySpan<int> Path { get; }

    /// <summary>Whether tokens are committed at all.</summary>
    public bool HasNext => _next > 0;

    /// <summary>The token the target adds after the path.</summary>
    public int Next => _next > 0 ? _next - 1 : throw new InvalidOperationException("this acceptance commits nothing");
}
