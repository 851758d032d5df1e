using Percheron.Models;
using Xunit;

namespace Percheron.Tests.Models;

public class KvCacheTests
{
    // A cache whose rows are letters, enough to see any slot mistake.
    private sealed class LetterCache : KvCache
    {
        private readonly List<char> _slots = [];

        public string Committed => string.Concat(_slots.Take(Length));

        public override long Bytes => _slots.Count;

        public int Add(char letter, int parent)
        {
            int row = Append(parent);
            _slots[Length + row] = letter;
            return row;
        }

        public override KvCache NewOverlay() => throw new NotSupportedException();

        protected override void Reserve(int scratchRows)
        {
            while (_slots.Count < Length + scratchRows) _slots.Add(' ');
        }

        protected override void MoveScratch(int from, int to) => _slots[Length + to] = _slots[Length + from];

        protected override void CopyRows(KvCache other, int length)
        {
            _slots.Clear();
            _slots.AddRange(((LetterCache)other)._slots.Take(length));
        }
    }

    private static LetterCache Tree()
    {
        var cache = new LetterCache();
        int a = cache.Add('a', -1);
        int b = cache.Add('b', a);
        int c = cache.Add('c', a);
        int d = cache.Add('d', c);
        cache.Add('e', b);
        cache.Add('f', d);
        return cache;
    }

    [Fact]
    public void Commit_keeps_a_path_in_order()
    {
        LetterCache cache = Tree();
        cache.Commit([0, 2, 3, 5]);
        Assert.Equal("acdf", cache.Committed);
        Assert.Equal((4, 0), (cache.Length, cache.ScratchCount));
        cache.Add('x', -1);
        cache.Commit([0]);
        Assert.Equal("acdfx", cache.Committed);
    }

    [Fact]
    public void Rows_are_taken_from_another_cache()
    {
        LetterCache from = Tree(), to = Tree();
        from.Commit([0, 2, 3, 5]);
        to.CopyFrom(from, 3);
        Assert.Equal(("acd", 3, 0), (to.Committed, to.Length, to.ScratchCount));
        to.Add('x', -1);
        to.Commit([0]);
        Assert.Equal(("acdx", "acdf"), (to.Committed, from.Committed));
        Assert.Throws<ArgumentOutOfRangeException>(() => to.CopyFrom(from, 5));
    }

    [Fact]
    public void Positions_are_length_plus_depth()
    {
        LetterCache cache = Tree();
        cache.Commit([0, 1]);
        cache.Add('x', -1);
        cache.Add('y', 0);
        cache.Add('z', -1);
        Assert.Equal([2, 3, 2], new[] { 0, 1, 2 }.Select(cache.Position));
        int[] path = new int[4];
        Assert.Equal([0, 1], path[..cache.Path(1, path)]);
        Assert.Equal([2], path[..cache.Path(2, path)]);
    }

    [Theory]
    [InlineData(new[] { 1 })]
    [InlineData(new[] { 0, 3 })]
    [InlineData(new[] { 0, 2, 1 })]
    [InlineData(new[] { 6 })]
    [InlineData(new[] { -1 })]
    public void Only_a_path_can_be_committed(int[] rows)
    {
        LetterCache cache = Tree();
        Assert.Throws<ArgumentException>(() => cache.Commit(rows));
        Assert.Equal((0, 6), (cache.Length, cache.ScratchCount));
    }

    [Fact]
    public void Truncate_and_clear_forget()
    {
        LetterCache cache = Tree();
        cache.Commit([0, 2, 3, 5]);
        cache.Add('x', -1);
        cache.Truncate(2);
        Assert.Equal(("ac", 0), (cache.Committed, cache.ScratchCount));
        cache.Truncate(100);
        Assert.Equal(2, cache.Length);
        cache.Clear();
        Assert.Equal(0, cache.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Append(0));
    }
}
