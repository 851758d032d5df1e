using Percheron.Training.Corpus;
using Xunit;

namespace Percheron.Training.Tests.Corpus;

public class RowStreamTests
{
    private static readonly int[][] Documents = [.. Enumerable.Range(0, 50).Select(i => Enumerable.Range(0, 3 + i % 7).Select(j => i * 10 + j).ToArray())];

    [Fact]
    public void A_row_depends_on_seed_and_index_alone()
    {
        var forward = new RowStream(Documents, 8, seed: 3);
        int[][] rows = [.. Enumerable.Range(0, (int)forward.RowsPerEpoch * 3).Select(i => forward.Row(i).ToArray())];
        var backward = new RowStream(Documents, 8, seed: 3);
        for (int i = rows.Length - 1; i >= 0; i--) Assert.Equal(rows[i], backward.Row(i).ToArray());
        Assert.NotEqual(rows[0], new RowStream(Documents, 8, seed: 4).Row(0).ToArray());
    }

    [Fact]
    public void An_epoch_holds_every_document_once_and_the_next_in_another_order()
    {
        var stream = new RowStream(Documents, 8, seed: 3);
        int[] Epoch(int epoch) => [.. Enumerable.Range(0, (int)stream.RowsPerEpoch).SelectMany(i => stream.Row(epoch * stream.RowsPerEpoch + i)[..8].ToArray())];
        int[] first = Epoch(0), second = Epoch(1);
        Assert.Equal(first.Length, first.Distinct().Count());
        Assert.True(Documents.Sum(document => document.Length) - first.Length <= 8);
        Assert.NotEqual(first, second);
        Assert.Equal(stream.Row(0)[8], stream.Row(1)[0]);
    }

    [Fact]
    public void Documents_may_vary_from_epoch_to_epoch_the_same_way_each_time()
    {
        int[] Vary(int[] document, ulong drawn) => [.. document.Select(id => id + (drawn % 2 == 0 ? 1000 : 0))];
        RowStream one = new(Documents, 8, seed: 3, Vary), again = new(Documents, 8, seed: 3, Vary), plain = new(Documents, 8, seed: 3);
        int rows = (int)one.RowsPerEpoch, moved = 0;
        for (int i = 0; i < 2 * rows; i++)
        {
            int[] row = one.Row(i).ToArray();
            Assert.Equal(plain.Row(i).ToArray(), row.Select(id => id % 1000));
            moved += row[..8].Count(id => id >= 1000);
        }
        for (int i = 2 * rows - 1; i >= 0; i--) Assert.Equal(one.Row(i).ToArray(), again.Row(i).ToArray());
        Assert.InRange(moved, rows * 16 / 4, rows * 16 * 3 / 4);
        Assert.NotEqual(Enumerable.Range(0, rows).SelectMany(i => one.Row(i).ToArray()).Where(id => id >= 1000).Order(), Enumerable.Range(rows, rows).SelectMany(i => one.Row(i).ToArray()).Where(id => id >= 1000).Order());
    }

    [Fact]
    public void Whole_documents_begin_every_row_and_nothing_of_them_is_lost()
    {
        // Documents of 3 to 9 tokens, the first of each a multiple of ten.
        var stream = new RowStream(Documents, 12, seed: 3, whole: true);
        Assert.Equal(Documents.Length / 2, stream.RowsPerEpoch);
        for (int epoch = 0; epoch < 2; epoch++)
        {
            HashSet<int> begun = [], seen = [];
            for (int i = 0; i < stream.RowsPerEpoch; i++)
            {
                int[] row = stream.Row((epoch * stream.RowsPerEpoch) + i).ToArray();
                Assert.Equal(13, row.Length);
                Assert.Equal(0, row[0] % 10);
                begun.Add(row[0]);
                seen.UnionWith(row);
                for (int j = 1; j < row.Length; j++) Assert.True(row[j] == row[j - 1] + 1 || row[j] % 10 == 0, "a document goes on, or another begins");
            }
            Assert.Equal(stream.RowsPerEpoch, begun.Count);
            Assert.True(seen.Count > Documents.Sum(document => document.Length) * 9 / 10);
        }
        Assert.Equal(stream.Row(7).ToArray(), new RowStream(Documents, 12, seed: 3, whole: true).Row(7).ToArray());
    }

    [Fact]
    public void Too_little_text_is_refused() => Assert.Throws<ArgumentException>(() => new RowStream([[1, 2, 3]], 8, seed: 1));
}
