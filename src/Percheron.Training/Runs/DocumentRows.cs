using Percheron.Training.Corpus;
using static TorchSharp.torch;

namespace Percheron.Training.Runs;

/// <summary>Rows of the training documents, and a fixed sample of held-out ones, without hidden states.</summary>
public sealed class DocumentRows : IRowSource
{
    private readonly RowStream _rows;
    private readonly IReadOnlyList<int[]> _heldOut;
    private readonly Lock _packing = new();

    /// <param name="rows">Training rows; used by this object alone.</param>
    /// <param name="heldOut">Held-out rows of the same length + 1 tokens.</param>
    public DocumentRows(RowStream rows, IReadOnlyList<int[]> heldOut) => (_rows, _heldOut) = (rows, heldOut);

    /// <inheritdoc/>
    public int Length => _rows.Length;

    /// <inheritdoc/>
    public int HeldOutCount => _heldOut.Count;

    /// <summary>Whether the documents of a training row do not see each other: every other row hides earlier ones, as a prompt does; the rest let the model meet them, as generation past an end does. Rows that begin with a document always hide others.</summary>
    public static bool IsApart(long row) => (row & 1) != 0;

    /// <inheritdoc/>
    public Batch Rows(long first, int count, ulong key)
    {
        var tokens = new long[count * (Length + 1)];
        var apart = new int[count];
        lock (_packing)
        {
            for (int r = 0; r < count; r++)
            {
                ReadOnlySpan<int> row = _rows.Row(first + r);
                for (int i = 0; i < row.Length; i++) tokens[r * row.Length + i] = row[i];
                apart[r] = _rows.Whole || IsApart(first + r) ? 1 : 0;
            }
        }
        return new Batch(tensor(tokens, count, Length + 1), tensor(apart, count, 1), key);
    }

    /// <inheritdoc/>
    public Batch HeldOut(int row) =>
        new(tensor(_heldOut[row].Select(id => (long)id).ToArray(), 1, Length + 1), ones([1, 1], ScalarType.Int32), Key: null);
}
