using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>The query heads of one call and their scratch. Scores of a head start at a position divisible by 16, so that lane = position mod 16.</summary>
internal readonly unsafe struct AttentionHeads
{
    private readonly float* _scores;
    private readonly float* _tails;

    public AttentionHeads(in AttentionSpan span, float* q, int count, int headDim, float scale, float* scores, float* output)
    {
        Queries = q;
        Count = count;
        HeadDim = headDim;
        Scale = scale;
        Outputs = output;
        _scores = scores;
        First = span.FirstPosition;
        Origin = First & ~15;
        End = span.End;
        Padded = (End - Origin + 15) & ~15;
        _tails = scores + ((long)count * Padded);
        int whole = headDim & ~15, rest = headDim & 15;
        for (int h = 0; rest > 0 && h < count; h++) Partial.Pad((byte*)QueryTail(h), (byte*)(Query(h) + whole), rest * sizeof(float));
    }

    public readonly float* Queries;
    public readonly float* Outputs;
    public readonly int Count;
    public readonly int HeadDim;
    public readonly float Scale;

    /// <summary>Positions seen: [First, End).</summary>
    public readonly int First;
    public readonly int End;

    /// <summary>Position of the first score slot; slots before First and from End on hold weight zero.</summary>
    public readonly int Origin;

    /// <summary>Score slots of a head, a multiple of 16.</summary>
    public readonly int Padded;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Query(int head) => Queries + ((long)head * HeadDim);

    /// <summary>The last headDim mod 16 elements of a query, padded with zeros to 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* QueryTail(int head) => _tails + ((long)head * 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Output(int head) => Outputs + ((long)head * HeadDim);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Scores(int head) => _scores + ((long)head * Padded);
}
