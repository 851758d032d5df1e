namespace Percheron.Kernels.Native;

/// <summary>
/// Writes the machine code of a product tile: <c>groups</c> packed groups of sixteen outputs (<see cref="IPackedBlock"/>) × <c>rows</c> rows of activations, looped over as many
/// steps as its <see cref="PackedTask"/> says. The operations of an output are those of <see cref="PackedTile{TBlock, TDot}"/> in its order, so the bits are the same.
/// </summary>
/// <remarks>
/// Vector registers: the integer sums of a block from 0 on, behind them the float accumulators, then a chunk and a scratch for each group; 30 is a broadcast, 31 the nibble mask.
/// One group takes its activations straight from memory, repeated sixteen times by the instruction itself; two groups share a broadcast. Prefetches are spread over the
/// chunks: in a burst they would hold up the loads behind them.
/// </remarks>
internal sealed class PackedCode
{
    /// <summary>Most activation rows of one group: two vectors a row, and four to work with.</summary>
    public const int MostRows = 12;

    /// <summary>Most activation rows of two groups.</summary>
    public const int MostRowsOfTwo = 6;

    private const General Task = General.Rax, W = General.Rdi, X = General.Rsi, Scales = General.Rdx, Starts = General.Rcx, Pairs = General.Rbx, Steps = General.Rbp;
    private const General Row1 = General.R8, Row3 = General.R9, Row5 = General.R10, Row7 = General.R11, Row9 = General.R12, Row11 = General.R13, Ahead = General.R14, Y = General.R15;
    private const int Shared = 30, Mask = 31;

    // Two groups never have more than six rows, so the register of row 11 is free for them.
    private const General Group = Row11;

    private readonly Assembler _code = new();
    private readonly int _groups, _rows, _prefetches, _quantBytes;
    private readonly bool _nibbles;

    private PackedCode(bool nibbles, int groups, int rows, int prefetches)
    {
        (_nibbles, _groups, _rows, _prefetches) = (nibbles, groups, rows, prefetches);
        _quantBytes = nibbles ? PackedQ4_0.QuantBytes : PackedQ8_0.QuantBytes;
    }

    /// <summary>The code of a function of one <see cref="PackedTask"/>*.</summary>
    /// <param name="nibbles">Whether the weights are Q4_0, else Q8_0.</param>
    /// <param name="groups">1 or 2.</param>
    /// <param name="rows">1 to <see cref="MostRows"/> or <see cref="MostRowsOfTwo"/>.</param>
    /// <param name="prefetches">Cache lines to prefetch in each pair of blocks: into the nearest cache for one group, the second one for two.</param>
    public static ReadOnlySpan<byte> Write(bool nibbles, int groups, int rows, int prefetches)
    {
        PackedCode code = new(nibbles, groups, rows, prefetches);
        code.Function();
        return code._code.Code;
    }

    private void Function()
    {
        Frame.Enter(_code, Task);
        Arguments();
        int step = _code.Length;
        BeginStep();
        int pair = _code.Length;
        Block(0);
        Block(1);
        _code.Add(W, (2 * _quantBytes) + 64);
        _code.Add(X, 64);
        _code.Add(Scales, 8);
        _code.Add(Starts, 8);
        if (_prefetches > 0) _code.Add(Ahead, Field(11));
        _code.Loop(Pairs, pair);
        EndStep();
        _code.Loop(Steps, step);
        Frame.Leave(_code);
    }

    // Odd multiples of the distance of two rows; the others are these, scaled.
    private void Arguments()
    {
        _code.Load(W, Field(0));
        _code.Load(Y, Field(2));
        _code.Load(Steps, Field(3));
        _code.Load(Row1, Field(6));
        _code.LoadAddress(Row3, new Address(Row1, 0, Row1, 2));
        _code.LoadAddress(Row5, new Address(Row1, 0, Row1, 4));
        _code.LoadAddress(Row7, new Address(Row3, 0, Row1, 4));
        _code.LoadAddress(Row9, new Address(Row1, 0, Row1, 8));
        if (_groups == 1) _code.LoadAddress(Row11, new Address(Row3, 0, Row1, 8));
        else _code.Load(Group, Field(5));
        _code.Load(Ahead, Field(10));
        if (_nibbles) _code.Broadcast(Mask, Field(12));
    }

    private void BeginStep()
    {
        for (int g = 0; g < _groups; g++)
            for (int r = 0; r < _rows; r++) _code.Xor(Float(g, r), Float(g, r), Float(g, r));
        _code.Load(Pairs, Field(4));
        _code.Load(X, Field(1));
        _code.Load(Scales, Field(7));
        _code.Load(Starts, Field(8));
        _code.Add(Scales, X);
        _code.Add(Starts, X);
    }

    // Block h of a pair.
    private void Block(int h)
    {
        for (int r = 0; r < _rows; r++)
        {
            if (_nibbles) _code.ShiftRightSignedBroadcast(Sum(0, r), Row(Starts, r, h * 4), (byte)PackedQ4_0.StartShift);
            else _code.Broadcast(Sum(0, r), Row(Starts, r, h * 4));
            for (int g = 1; g < _groups; g++) _code.Move(Sum(g, r), Sum(0, r));
        }
        int chunks = _quantBytes / 64;
        for (int c = 0; c < chunks; c++)
        {
            Chunks((h * _quantBytes) + (c * 64));
            Prefetch((h * chunks) + c, 2 * chunks);
            Dots((h * 32) + (c * 4), Chunk(0));
            if (_nibbles) Dots((h * 32) + (c * 4) + 16, Scratch(0));
        }
        Scale(h);
    }

    private void Chunks(int at)
    {
        for (int g = 0; g < _groups; g++)
        {
            _code.Load(Chunk(g), Weights(g, at));
            if (!_nibbles) continue;
            _code.ShiftRight16(Scratch(g), Chunk(g), 4);
            _code.And(Chunk(g), Chunk(g), Mask);
            _code.And(Scratch(g), Scratch(g), Mask);
        }
    }

    // Place i of so many in a pair of blocks.
    private void Prefetch(int i, int places)
    {
        for (int line = i * _prefetches / places; line < (i + 1) * _prefetches / places; line++)
            _code.Prefetch(new Address(Ahead, 64 * line), _groups);
    }

    // Four activations of every row times a chunk of every group.
    private void Dots(int at, int weights)
    {
        for (int r = 0; r < _rows; r++)
        {
            if (_groups == 1)
            {
                _code.DotBroadcast(Sum(0, r), weights, Row(X, r, at));
                continue;
            }
            _code.Broadcast(Shared, Row(X, r, at));
            for (int g = 0; g < _groups; g++) _code.Dot(Sum(g, r), weights + g, Shared);
        }
    }

    private void Scale(int h)
    {
        for (int g = 0; g < _groups; g++) _code.HalvesToSingle(Chunk(g), Weights(g, (2 * _quantBytes) + (h * 32)));
        for (int r = 0; r < _rows; r++)
            for (int g = 0; g < _groups; g++)
            {
                _code.MultiplyBroadcast(Scratch(g), Chunk(g), Row(Scales, r, h * 4));
                _code.ToSingle(Sum(g, r), Sum(g, r));
                _code.Fused(Float(g, r), Sum(g, r), Scratch(g));
            }
    }

    // The registers of the starts and the counter are loaded anew in the next step.
    private void EndStep()
    {
        _code.Load(Starts, Field(9));
        _code.Move(Pairs, Y);
        for (int r = 0; r < _rows; r++)
        {
            for (int g = 0; g < _groups; g++) _code.Store(new Address(Pairs, 64 * g), Float(g, r));
            _code.Add(Pairs, Starts);
        }
        _code.Add(Y, 64 * _groups);
        if (_groups == 2) _code.Add(W, Group);
    }

    private static Address Field(int index) => new(Task, 8 * index);

    private int Sum(int g, int r) => (g * _rows) + r;

    private int Float(int g, int r) => ((_groups + g) * _rows) + r;

    private int Chunk(int g) => (2 * _groups * _rows) + g;

    private int Scratch(int g) => (2 * _groups * _rows) + _groups + g;

    private static Address Weights(int g, int bytes) => g == 0 ? new Address(W, bytes) : new Address(W, bytes, Group);

    private static Address Row(General at, int r, int bytes) => r switch
    {
        0 => new Address(at, bytes),
        1 or 2 or 4 or 8 => new Address(at, bytes, Row1, r),
        3 or 6 => new Address(at, bytes, Row3, r / 3),
        5 or 10 => new Address(at, bytes, Row5, r / 5),
        7 => new Address(at, bytes, Row7),
        9 => new Address(at, bytes, Row9),
        _ => new Address(at, bytes, Row11),
    };
}
