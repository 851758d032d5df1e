using Percheron.Training.Runs;
using Percheron.Training.Tests.Support;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Runs;

public class BatchTests
{
    [TorchFact]
    public void A_mask_hides_what_is_later_and_in_rows_apart_other_documents()
    {
        using DisposeScope scope = NewDisposeScope();
        var batch = new Batch(tensor(new long[] { 0, 7, 0, 8, 9, 0, 7, 0, 8, 9 }, 2, 5), tensor(new[] { 1, 0 }, 2, 1), Key: null);
        Assert.Equal(new long[] { 1, 1, 2, 2, 2, 0, 0, 0, 0, 0 }, batch.Documents.data<long>().ToArray());
        bool[] seen = [.. batch.Mask(ScalarType.Float32).data<float>().ToArray().Select(value => value == 0)];
        string Row(int row, int position) => string.Concat(Enumerable.Range(0, 4).Select(k => seen[row * 16 + position * 4 + k] ? '1' : '0'));
        Assert.Equal(["1000", "1100", "0010", "0011"], Enumerable.Range(0, 4).Select(i => Row(0, i)));
        Assert.Equal(["1000", "1100", "1110", "1111"], Enumerable.Range(0, 4).Select(i => Row(1, i)));
    }

    [TorchFact]
    public void A_state_that_was_not_captured_is_named()
    {
        using DisposeScope scope = NewDisposeScope();
        var batch = new Batch(zeros([1, 5], ScalarType.Int64), ones([1, 1], ScalarType.Int32), Key: null) { States = new Dictionary<int, Tensor> { [3] = zeros(1, 4, 8) } };
        Assert.Equal([1L, 4L, 8L], batch.State(3).shape);
        Assert.Contains("without state 9; they have 3", Assert.Throws<InvalidOperationException>(() => batch.State(9)).Message, StringComparison.Ordinal);
    }
}
