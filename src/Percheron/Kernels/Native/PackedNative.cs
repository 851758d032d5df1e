namespace Percheron.Kernels.Native;

/// <summary>
/// Packed products in 512-bit machine code, where the processor has VPDPBUSD on zmm and the system allows executable memory: about twice the integer rate of what .NET 10
/// exposes, and the same bits.
/// </summary>
internal static unsafe class PackedNative
{
    // Far enough for memory, near enough to stay in the first cache beside the activations.
    private const long Distance = 8704;

    // Weights that stay in the second cache while all rows pass by.
    private const long BlockBytes = 192 * 1024;

    /// <summary>Lines to prefetch in a pair of blocks when each of at least three tiles fetches its share of the next two groups.</summary>
    private const int ShareOfLines = 12;

    private static readonly byte* Memory = Create(out Codes);
    private static readonly int[] Codes;

    /// <summary>Whether there is such code on this machine.</summary>
    public static bool IsAvailable => Memory is not null;

    /// <summary>As <see cref="PackedProduct.MultiplyQ8_0"/>.</summary>
    public static void Multiply(bool nibbles, byte* packed, long groupBytes, byte* x, int n, int columns, int from, int to, float* y, int yStride)
    {
        Operands operands = new(nibbles, packed, groupBytes, x, columns, y, yStride);
        int first = (from + 15) / 16, last = to / 16;
        if (first > last)
        {
            Part(operands, n, from, to);
            return;
        }
        if (from < first * 16) Part(operands, n, from, first * 16);
        if (n <= PackedCode.MostRows) Once(operands, n, first, last);
        else Blocked(operands, n, first, last);
        if (to > last * 16) Part(operands, n, last * 16, to);
    }

    // Few rows: one pass over the weights.
    private static void Once(in Operands o, int n, int first, int last)
    {
        if (first == last) return;
        PackedTask task = o.Task(0, first, last - first);
        Call(o.Nibbles, 1, n, &task);
    }

    // Many rows: as many groups as the second cache holds, times all rows; every tile fetches its share of the groups that come next.
    private static void Blocked(in Operands o, int n, int first, int last)
    {
        int block = (int)Math.Max(1, BlockBytes / o.GroupBytes / 2) * 2, tiles = (n + PackedCode.MostRowsOfTwo - 1) / PackedCode.MostRowsOfTwo;
        for (int g = first; g < last; g += block)
        {
            int groups = Math.Min(block, last - g), pairs = groups / 2;
            for (int i = 0; i < tiles; i++)
            {
                int t = (int)((long)n * i / tiles), rows = (int)((long)n * (i + 1) / tiles) - t;
                if (pairs > 0)
                {
                    PackedTask task = o.Task(t, g, pairs);
                    task.PrefetchStep = 2 * o.PairBytes / tiles;
                    task.Prefetch = task.Weights + (groups * o.GroupBytes) + (groups * o.GroupBytes * i / tiles);
                    Call(o.Nibbles, 2, rows, &task);
                }
                if (groups % 2 == 0) continue;
                PackedTask single = o.Task(t, g + groups - 1, 1);
                Call(o.Nibbles, 1, rows, &single);
            }
        }
    }

    // Outputs of one group, not all of them wanted.
    private static void Part(in Operands o, int n, int from, int to)
    {
        float* results = stackalloc float[16 * PackedCode.MostRows];
        for (int t = 0; t < n; t += PackedCode.MostRows)
        {
            int rows = Math.Min(PackedCode.MostRows, n - t);
            PackedTask task = o.Task(t, from / 16, 1);
            task.Outputs = results;
            task.OutputBytes = 64;
            Call(o.Nibbles, 1, rows, &task);
            for (int r = 0; r < rows; r++)
                new Span<float>(results + (r * 16) + (from % 16), to - from).CopyTo(new Span<float>(o.Y + ((long)(t + r) * o.YStride) + from, to - from));
        }
    }

    private static void Call(bool nibbles, int groups, int rows, PackedTask* task) =>
        ((delegate* unmanaged<PackedTask*, void>)(Memory + Codes[Index(nibbles, groups, rows)]))(task);

    private static int Index(bool nibbles, int groups, int rows) => ((((nibbles ? 2 : 0) + groups - 1) * PackedCode.MostRows) + rows) - 1;

    private static byte* Create(out int[] codes)
    {
        codes = new int[4 * PackedCode.MostRows];
        if (!NativeSupport.HasVnni) return null;
        List<byte> all = [];
        foreach (bool nibbles in new[] { false, true })
            for (int groups = 1; groups <= 2; groups++)
                for (int rows = 1; rows <= (groups == 1 ? PackedCode.MostRows : PackedCode.MostRowsOfTwo); rows++)
                {
                    while (all.Count % 64 != 0) all.Add(0xCC);
                    codes[Index(nibbles, groups, rows)] = all.Count;
                    all.AddRange(PackedCode.Write(nibbles, groups, rows, Prefetches(nibbles, groups, rows)));
                }
        return ExecutableMemory.TryCreate(all.ToArray());
    }

    // One and two rows of bytes wait for memory only, and the processor's own prefetching does best alone.
    private static int Prefetches(bool nibbles, int groups, int rows)
    {
        if (groups == 2) return ShareOfLines;
        if (nibbles) return 9;
        return rows <= 2 ? 0 : 17;
    }

    private readonly struct Operands(bool nibbles, byte* packed, long groupBytes, byte* x, int columns, float* y, int yStride)
    {
        public bool Nibbles => nibbles;

        public long GroupBytes => groupBytes;

        public float* Y => y;

        public int YStride => yStride;

        public long PairBytes => groupBytes / Pairs;

        private long Pairs => (columns + 63L) / 64;

        public PackedTask Task(int row, int group, int steps)
        {
            byte* weights = packed + (group * groupBytes);
            long rowBytes = ActivationsQ8.RowBytes(columns);
            return new PackedTask
            {
                Weights = weights,
                Activations = x + (row * rowBytes),
                Outputs = y + ((long)row * yStride) + (group * 16),
                Steps = steps,
                Pairs = Pairs,
                GroupBytes = groupBytes,
                RowBytes = rowBytes,
                ScalesAt = ActivationsQ8.ScalesAt(columns),
                StartsAt = ActivationsQ8.StartsAt(columns),
                OutputBytes = yStride * sizeof(float),
                Prefetch = weights + Distance,
                PrefetchStep = PairBytes,
                Nibbles = 0x0F0F0F0F,
            };
        }
    }
}
