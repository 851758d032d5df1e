using Percheron.Models;
using Percheron.Testing;

namespace Percheron.Tests.Conformance.Planted;

/// <summary>A toy whose caches have one mistake planted in them.</summary>
internal sealed class WrongToy(ToyModel like, WrongToy.Mistake mistake) : ToyModel(like)
{
    internal enum Mistake
    {
        None,
        WrongRowsKept,
        ParentsOffByOne,
        ForgetsTheLastRow,
    }

    public override KvCache NewCache() => new Cache(this, mistake);

    private sealed class Cache(ToyModel model, Mistake mistake) : ToyCache(model)
    {
        public override void Commit(ReadOnlySpan<int> rows) => base.Commit(mistake == Mistake.ForgetsTheLastRow && rows.Length > 1 ? rows[..^1] : rows);

        protected override void MoveScratch(int from, int to)
        {
            if (mistake != Mistake.WrongRowsKept) base.MoveScratch(from, to);
        }

        protected override int Before(int scratch)
        {
            int parent = Parent(scratch);
            return mistake == Mistake.ParentsOffByOne && parent > 0 && parent != scratch - 1 ? parent - 1 : parent;
        }
    }
}
