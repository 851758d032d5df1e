namespace Percheron.Kernels.Native;

/// <summary>
/// Writes the machine code of a tile of bfloat16 products: <c>groups</c> packed groups of sixteen outputs × <c>rows</c> rows of activations, looped over as many steps as its
/// <see cref="PackedTask"/> says. The operations of an output are those of <see cref="BrainTile{TLanes}"/> in its order, so the bits are the same.
/// </summary>
/// <remarks>
/// Vector registers: the sums from 0 on, 28 and 29 weights, 31 a broadcast. One group takes its activations straight from memory, repeated sixteen times by the instruction
/// itself; two groups share a broadcast.
/// </remarks>
internal sealed class BrainCode
{
    /// <summary>Columns of a turn of the loop, and the bytes they take in a group.</summary>
    public const int TurnColumns = 8, TurnBytes = TurnColumns / 2 * 64;

    /// <summary>Most activation rows of one group, and of two.</summary>
    public const int MostRows = 24, MostRowsOfTwo = 12;

    private const General Task = General.Rax, W = General.Rdi, X = General.Rsi, LaterX = General.Rdx, Group = General.Rcx, Turns = General.Rbx, Steps = General.Rbp;
    private const General Row1 = General.R8, Row3 = General.R9, Row5 = General.R10, Row7 = General.R11, Row9 = General.R12, Row11 = General.R13, Ahead = General.R14, Y = General.R15;
    private const int Weights = 28, Shared = 31, LaterRows = 12;

    private readonly Assembler _code = new();
    private readonly int _groups, _rows, _prefetches;

    private BrainCode(int groups, int rows, int prefetches) => (_groups, _rows, _prefetches) = (groups, rows, prefetches);

    /// <summary>The code of a function of one <see cref="PackedTask"/>*.</summary>
    /// <param name="groups">1 or 2.</param>
    /// <param name="rows">1 to <see cref="MostRows"/> or <see cref="MostRowsOfTwo"/>.</param>
    /// <param name="prefetches">Cache lines to prefetch in a turn: into the nearest cache for one group, the second one for two.</param>
    public static ReadOnlySpan<byte> Write(int groups, int rows, int prefetches)
    {
        BrainCode code = new(groups, rows, prefetches);
        code.Function();
        return code._code.Code;
    }

    private void Function()
    {
        Frame.Enter(_code, Task);
        Arguments();
        int step = _code.Length;
        BeginStep();
        int turn = _code.Length;
        for (int pair = 0; pair < TurnColumns / 2; pair++) Pair(pair);
        _code.Add(W, TurnBytes);
        _code.Add(X, TurnColumns * 2);
        if (_rows > LaterRows) _code.Add(LaterX, TurnColumns * 2);
        if (_prefetches > 0) _code.Add(Ahead, Field(11));
        _code.Loop(Turns, turn);
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
        if (_groups == 2) _code.Load(Group, Field(5));
        _code.Load(Row1, Field(6));
        _code.LoadAddress(Row3, new Address(Row1, 0, Row1, 2));
        _code.LoadAddress(Row5, new Address(Row1, 0, Row1, 4));
        _code.LoadAddress(Row7, new Address(Row3, 0, Row1, 4));
        _code.LoadAddress(Row9, new Address(Row1, 0, Row1, 8));
        _code.LoadAddress(Row11, new Address(Row3, 0, Row1, 8));
        _code.Load(Ahead, Field(10));
    }

    private void BeginStep()
    {
        for (int sum = 0; sum < _groups * _rows; sum++) _code.Xor(sum, sum, sum);
        _code.Load(Turns, Field(4));
        _code.Load(X, Field(1));
        _code.LoadAddress(LaterX, new Address(X, 0, Row3, 4));
    }

    // Two columns of every row times a vector of every group.
    private void Pair(int pair)
    {
        for (int g = 0; g < _groups; g++) _code.Load(Weights + g, g == 0 ? new Address(W, 64 * pair) : new Address(W, 64 * pair, Group));
        for (int line = pair * _prefetches * 2 / TurnColumns; line < (pair + 1) * _prefetches * 2 / TurnColumns; line++) _code.Prefetch(new Address(Ahead, 64 * line), _groups);
        for (int r = 0; r < _rows; r++)
        {
            Address x = r < LaterRows ? Row(X, r, 4 * pair) : Row(LaterX, r - LaterRows, 4 * pair);
            if (_groups == 1)
            {
                _code.DotBrainBroadcast(r, Weights, x);
                continue;
            }
            _code.Broadcast(Shared, x);
            for (int g = 0; g < _groups; g++) _code.DotBrain((g * _rows) + r, Weights + g, Shared);
        }
    }

    // The registers of the counter and the later rows are loaded anew in the next step.
    private void EndStep()
    {
        _code.Load(LaterX, Field(9));
        _code.Move(Turns, Y);
        for (int r = 0; r < _rows; r++)
        {
            for (int g = 0; g < _groups; g++) _code.Store(new Address(Turns, 64 * g), (g * _rows) + r);
            _code.Add(Turns, LaterX);
        }
        _code.Add(Y, 64 * _groups);
        if (_groups == 2) _code.Add(W, Group);
    }

    private static Address Field(int index) => new(Task, 8 * index);

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
