namespace Percheron.Kernels.Native;

/// <summary>The machine code of one kind of packed product: a function of one <see cref="PackedTask"/>* for each size of tile, of one and of two groups.</summary>
internal sealed unsafe class TileCodes
{
    private const int Alignment = 64;

    private readonly int[][] _starts;
    private readonly byte* _memory;

    /// <param name="mostRows">Most rows of a tile of one group.</param>
    /// <param name="mostRowsOfTwo">Most rows of a tile of two groups.</param>
    /// <param name="write">(groups, rows) → code.</param>
    public TileCodes(int mostRows, int mostRowsOfTwo, Func<int, int, byte[]> write)
    {
        (MostRows, MostRowsOfTwo) = (mostRows, mostRowsOfTwo);
        _starts = [new int[mostRows], new int[mostRowsOfTwo]];
        List<byte> all = [];
        for (int groups = 1; groups <= 2; groups++)
            for (int rows = 1; rows <= _starts[groups - 1].Length; rows++)
            {
                while (all.Count % Alignment != 0) all.Add(0xCC);
                _starts[groups - 1][rows - 1] = all.Count;
                all.AddRange(write(groups, rows));
            }
        _memory = ExecutableMemory.TryCreate(all.ToArray());
    }

    public int MostRows { get; }

    public int MostRowsOfTwo { get; }

    /// <summary>Whether the system gave executable memory.</summary>
    public bool IsAvailable => _memory is not null;

    public void Run(int groups, int rows, PackedTask* task) => ((delegate* unmanaged<PackedTask*, void>)(_memory + _starts[groups - 1][rows - 1]))(task);
}
