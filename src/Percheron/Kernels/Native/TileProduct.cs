namespace Percheron.Kernels.Native;

/// <summary>Covers outputs × activation rows with tiles of machine code: the one place where their blocking, remainders and prefetches are decided.</summary>
/// <param name="codes">The tiles.</param>
/// <param name="whole">The operands as a task: row 0, group 0; steps and prefetches are set here.</param>
internal readonly unsafe ref struct TileProduct(TileCodes codes, PackedTask whole)
{
    // Far enough for memory, near enough to stay in the first cache beside the activations.
    private const long Distance = 8704;

    // Weights that stay in the second cache while all rows pass by.
    private const long BlockBytes = 192 * 1024;

    private long TurnBytes => whole.GroupBytes / whole.Turns;

    /// <summary>The outputs [from, to) of <paramref name="n"/> rows.</summary>
    public void Multiply(int n, int from, int to)
    {
        int first = (from + 15) / 16, last = to / 16;
        if (first > last)
        {
            Part(n, from, to);
            return;
        }
        if (from < first * 16) Part(n, from, first * 16);
        if (n <= codes.MostRows) Once(n, first, last);
        else Blocked(n, first, last);
        if (to > last * 16) Part(n, last * 16, to);
    }

    // Few rows: one pass over the weights.
    private void Once(int n, int first, int last)
    {
        if (first == last) return;
        PackedTask task = Task(0, first, last - first);
        codes.Run(1, n, &task);
    }

    // Many rows: as many groups as the second cache holds, times all rows; every tile fetches its share of the groups that come next.
    private void Blocked(int n, int first, int last)
    {
        int block = (int)Math.Max(1, BlockBytes / whole.GroupBytes / 2) * 2, tiles = (n + codes.MostRowsOfTwo - 1) / codes.MostRowsOfTwo;
        for (int g = first; g < last; g += block)
        {
            int groups = Math.Min(block, last - g), pairs = groups / 2;
            for (int i = 0; i < tiles; i++)
            {
                int t = (int)((long)n * i / tiles), rows = (int)((long)n * (i + 1) / tiles) - t;
                if (pairs > 0)
                {
                    PackedTask task = Task(t, g, pairs);
                    task.PrefetchStep = 2 * TurnBytes / tiles;
                    task.Prefetch = task.Weights + (groups * whole.GroupBytes) + (groups * whole.GroupBytes * i / tiles);
                    codes.Run(2, rows, &task);
                }
                if (groups % 2 == 0) continue;
                PackedTask single = Task(t, g + groups - 1, 1);
                codes.Run(1, rows, &single);
            }
        }
    }

    // Outputs of one group, not all of them wanted.
    private void Part(int n, int from, int to)
    {
        float* results = stackalloc float[16 * codes.MostRows];
        for (int t = 0; t < n; t += codes.MostRows)
        {
            int rows = Math.Min(codes.MostRows, n - t);
            PackedTask task = Task(t, from / 16, 1);
            float* outputs = task.Outputs + (from % 16);
            task.Outputs = results;
            task.OutputBytes = 64;
            codes.Run(1, rows, &task);
            for (int r = 0; r < rows; r++)
                new Span<float>(results + (r * 16) + (from % 16), to - from).CopyTo(new Span<float>((byte*)outputs + (r * whole.OutputBytes), to - from));
        }
    }

    private PackedTask Task(int row, int group, int steps)
    {
        PackedTask task = whole;
        task.Weights += group * whole.GroupBytes;
        task.Activations += row * whole.RowBytes;
        task.Outputs = (float*)((byte*)whole.Outputs + (row * whole.OutputBytes)) + (group * 16);
        task.Steps = steps;
        task.Prefetch = task.Weights + Distance;
        task.PrefetchStep = TurnBytes;
        return task;
    }
}
