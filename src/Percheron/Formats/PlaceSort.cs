using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Percheron.Formats;

/// <summary>Sorts the places of a text by the bytes before them, the nearest first: by the last token at once, then each group by three-way quicksort, eight bytes at a time.</summary>
/// <remarks>Source: Bentley and Sedgewick 1997, "Fast algorithms for sorting and searching strings".</remarks>
internal static unsafe class PlaceSort
{
    // Below this, insertion; and groups this large are worth handing out.
    private const int Small = 12, Large = 1 << 14;

    /// <summary>The places 0 … <paramref name="size"/> − 1 in order; equal contexts keep the order of the text where groups are small, else any.</summary>
    /// <param name="text">[Depth bytes before the first place][size tokens of <paramref name="width"/> bytes].</param>
    /// <param name="width">Bytes of a token.</param>
    /// <param name="size">Number of places.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static int[] Sort(byte[] text, int width, int size, CancellationToken cancellation)
    {
        // Two bytes of the token before: groups that can be sorted independently.
        var starts = new int[65537];
        ReadOnlySpan<byte> before = text.AsSpan(CorpusIndex.Depth - 2);
        for (int i = 0; i < size; i++) starts[Group(before, i, width) + 1]++;
        for (int g = 0; g < 65536; g++) starts[g + 1] += starts[g];
        int[] places = GC.AllocateUninitializedArray<int>(size);
        int[] next = starts[..65536];
        for (int i = 0; i < size; i++) places[next[Group(before, i, width)]++] = i;
        Parallel.For(0, 65536, new ParallelOptions { CancellationToken = cancellation }, g =>
        {
            if (starts[g + 1] - starts[g] < 2) return;
            fixed (byte* first = &text[CorpusIndex.Depth]) Sort(places.AsSpan(starts[g]..starts[g + 1]), first, width, 8, cancellation);
        });
        return places;
    }

    private static int Group(ReadOnlySpan<byte> before, int place, int width) => MemoryMarshal.Read<ushort>(before[(place * width)..]);

    private static void Sort(Span<int> places, byte* first, int width, int depth, CancellationToken cancellation)
    {
        while (places.Length > Small && depth <= CorpusIndex.Depth)
        {
            if (places.Length > Large) cancellation.ThrowIfCancellationRequested();
            ulong pivot = Median(Key(places[0], first, width, depth), Key(places[places.Length / 2], first, width, depth), Key(places[^1], first, width, depth));
            int low = 0, high = places.Length, at = 0;
            while (at < high)
            {
                ulong key = Key(places[at], first, width, depth);
                if (key < pivot) (places[low], places[at]) = (places[at++], places[low++]);
                else if (key > pivot) (places[--high], places[at]) = (places[at], places[high]);
                else at++;
            }
            // The smaller sides by recursion, the equal part deeper; the largest goes on here, so that the stack stays short.
            Span<int> less = places[..low], equal = places[low..high], more = places[high..];
            if (less.Length <= more.Length) Sort(less, first, width, depth, cancellation);
            else Sort(more, first, width, depth, cancellation);
            Span<int> other = less.Length <= more.Length ? more : less;
            if (equal.Length <= other.Length)
            {
                Sort(equal, first, width, depth + 8, cancellation);
                places = other;
            }
            else
            {
                Sort(other, first, width, depth, cancellation);
                places = equal;
                depth += 8;
            }
        }
        for (int i = 1; i < places.Length && depth <= CorpusIndex.Depth; i++)
        {
            int place = places[i], at = i;
            byte* end = first + ((long)place * width);
            for (; at > 0 && CorpusIndex.Before(end, first + ((long)places[at - 1] * width)); at--) places[at] = places[at - 1];
            places[at] = place;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Key(int place, byte* first, int width, int depth) => *(ulong*)(first + ((long)place * width) - depth);

    private static ulong Median(ulong a, ulong b, ulong c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
