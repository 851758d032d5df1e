using Percheron.Decoding;

namespace Percheron.Drafters;

/// <summary>A cheaper drafter that guesses, for a whole batch, what the trees that a model grows will hold below their frontiers.</summary>
/// <param name="inner">Guesses.</param>
/// <param name="rows">Rows it may add to a forward for each sequence, 1 to 64.</param>
/// <param name="width">Children of a node.</param>
internal sealed class Foresight(Drafter inner, int rows, int width)
{
    private DraftSlot[] _slots = [];
    private Growth[] _asking = [];

    /// <summary>What is kept for a sequence.</summary>
    public static Guesses NewGuesses(Sequence parent) => new(new Sequence(parent.Tokens, new SequenceOptions { Sampling = parent.Sampling, Random = parent.Random }) { Vocab = parent.Vocab });

    /// <summary>Refuses a drafter that cannot guess for a model.</summary>
    /// <exception cref="ArgumentException">It needs hidden states, which a model that drafts does not give.</exception>
    public static Drafter Checked(Drafter inner) => inner.Features.Count == 0 ? inner
        : throw new ArgumentException("what guesses for a draft model cannot have hidden states of it: choose an inner drafter that needs none", nameof(inner));

    /// <summary>Frees what the drafter keeps for a sequence.</summary>
    public void Release(Growth growth) => inner.Release(growth.Guesses!.Child);

    /// <summary>Adds guesses to the forwards of one level; trees that need no forward get none. The most promising node of a frontier is asked for last, so that it is the one that is learned from.</summary>
    /// <param name="growing">The trees; the rows of their frontiers are filled.</param>
    /// <param name="number">Number of the level.</param>
    public void Ask(ReadOnlySpan<Growth> growing, int number)
    {
        if (_slots.Length < growing.Length) (_slots, _asking) = (new DraftSlot[growing.Length], new Growth[growing.Length]);
        int widest = 0;
        foreach (Growth growth in growing)
        {
            Guesses guesses = growth.Guesses!;
            guesses.Room = 0;
            // Where everything was guessed, what becomes of it is not known yet.
            if (growth.Frontier.IsEmpty || growth.Rows.Count == 0) continue;
            guesses.Tell(growth, inner);
            guesses.Room = Math.Min(rows, growth.Spare);
            if (guesses.Room > 0) widest = Math.Max(widest, growth.Frontier.Length);
        }
        for (int at = widest - 1; at >= 0; at--)
        {
            int count = 0;
            foreach (Growth growth in growing)
                if (Open(growth, at, number) is { } slot) (_asking[count], _slots[count++]) = (growth, slot);
            if (count == 0) continue;
            inner.Draft(_slots.AsSpan(0, count));
            for (int i = 0; i < count; i++) _asking[i].Guesses!.Close();
            inner.Verifying(_slots.AsSpan(0, count));
        }
    }

    /// <summary>The trees are grown.</summary>
    public void End(ReadOnlySpan<Growth> growing)
    {
        foreach (Growth growth in growing) growth.Guesses!.Tell(growth, inner);
        // The buffers would keep the sequences of the largest batch alive.
        Array.Clear(_slots);
        Array.Clear(_asking);
    }

    // Nodes of the frontier share what may be guessed; one that was guessed itself is not in this forward.
    private DraftSlot? Open(Growth growth, int at, int number)
    {
        if (growth.Guesses!.Room <= 0 || at >= growth.Frontier.Length) return null;
        int most = Math.Min(growth.Guesses.Room / (at + 1), Below(growth.Levels - number - 1)), row = growth.RowInForward(at);
        return row < 0 || most == 0 ? null : growth.Guesses.Open(growth, growth.Frontier[at], row, most);
    }

    // Nodes that a tree may have below one of them within so many levels.
    private int Below(int levels)
    {
        int nodes = 0;
        for (int level = 0, wide = width; level < levels && nodes < rows; level++, wide *= width) nodes += wide;
        return nodes;
    }
}
