using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>
/// What a model says behind a single token, for every token it was asked about: the most probable successors without any context. It asks for many tokens in one forward, each
/// a text of its own.
/// </summary>
/// <param name="model">Answers.</param>
/// <param name="width">Successors kept of each token, at most 64.</param>
internal sealed class BigramTable(IModel model, int width)
{
    /// <summary>Tokens asked about in one forward: few enough that their rows cost little more than one.</summary>
    private const int Rows = 16;

    private readonly Rows _rows = new();
    private readonly List<int> _wanted = [];
    // [vocab, width]: successor + 1; 0 is unknown, and so is the whole row where its first is; −1 is asked for.
    private readonly int[] _successors = new int[model.Vocab * width];

    /// <summary>Tokens the table can hold.</summary>
    public int Vocab => model.Vocab;

    /// <summary>The successor of this rank, 0 the most probable; −1 where it is not known.</summary>
    public int Successor(int token, int rank) => Math.Max(_successors[(token * width) + rank], 0) - 1;

    /// <summary>Asks for the successors of a token that is not known; they come with the next <see cref="Learn"/> that has enough to ask.</summary>
    public void Want(int token)
    {
        ref int first = ref _successors[token * width];
        if (first != 0) return;
        first = -1;
        _wanted.Add(token);
    }

    /// <summary>Asks the model once if there is enough to ask, and for the best successor of each new entry in turn.</summary>
    public void Learn()
    {
        int count = Math.Min(Rows, _wanted.Count);
        if (count < Math.Min(Rows, Vocab / 4)) return;
        using KvCache cache = model.NewCache();
        _rows.Reset(cache);
        for (int i = 0; i < count; i++) _rows.Add(_wanted[i], -1, logits: true);
        model.Forward([_rows]);
        Span<int> top = stackalloc int[width];
        for (int i = 0; i < count; i++)
        {
            int known = TopTokens.Of(_rows.Logits(i), top);
            for (int rank = 0; rank < width; rank++) _successors[(_wanted[i] * width) + rank] = rank < known ? top[rank] + 1 : 0;
        }
        for (int i = 0; i < count; i++)
            if (Successor(_wanted[i], 0) is >= 0 and var next) Want(next);
        _wanted.RemoveRange(0, count);
    }
}
