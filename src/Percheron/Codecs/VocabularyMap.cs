namespace Percheron.Codecs;

/// <summary>What the tokens of a draft mean to a target with another vocabulary: which are the same by their bytes, and how the draft spells those it lacks.</summary>
public sealed class VocabularyMap
{
    private readonly int[] _targetOf;
    private readonly int[][] _spellings;

    /// <param name="target">The target's vocabulary.</param>
    /// <param name="draft">The draft's.</param>
    /// <param name="same">Pairs of tokens (target's, draft's) without a spelling that mean the same, such as those that begin and end a text.</param>
    public VocabularyMap(TextVocabulary target, TextVocabulary draft, IReadOnlyList<(int Target, int Draft)>? same = null)
    {
        (Target, Draft) = (target, draft);
        _targetOf = new int[draft.Count];
        Array.Fill(_targetOf, -1);
        _spellings = new int[target.Count][];
        for (int id = 0; id < target.Count; id++)
        {
            _spellings[id] = draft.Spell(target.Piece(id));
            // Two draft tokens never mean one of the target's: a law holds each token once.
            if (target.Piece(id).Length > 0 && target.Find(target.Piece(id)) == id && draft.Find(target.Piece(id)) is >= 0 and var twin) _targetOf[twin] = id;
        }
        foreach ((int ours, int theirs) in same ?? [])
        {
            _targetOf[theirs] = ours;
            _spellings[ours] = [theirs];
        }
        Common = _targetOf.Count(id => id >= 0);
    }

    /// <summary>The target's vocabulary.</summary>
    public TextVocabulary Target { get; }

    /// <summary>The draft's.</summary>
    public TextVocabulary Draft { get; }

    /// <summary>Number of tokens that both have.</summary>
    public int Common { get; }

    /// <summary>For each token of the draft the target's, or −1 [draft's count].</summary>
    public ReadOnlySpan<int> TargetOf => _targetOf;

    /// <summary>A token of the target, written in the draft's: at least one.</summary>
    public ReadOnlySpan<int> Spelling(int target) => _spellings[target];

    /// <summary>The map between two tokenizers; tokens that begin and end a text are the same.</summary>
    public static VocabularyMap Between(Tokenizer target, Tokenizer draft)
    {
        var same = new List<(int, int)>();
        if (target.Bos is { } bos && draft.Bos is { } theirBos) same.Add((bos, theirBos));
        if (target.Eos is { } eos && draft.Eos is { } theirEos && eos != target.Bos) same.Add((eos, theirEos));
        return new VocabularyMap(new TextVocabulary(target), new TextVocabulary(draft), same);
    }
}
