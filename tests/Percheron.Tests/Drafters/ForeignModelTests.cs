using Percheron.Codecs;
using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Drafters.Vocabularies;
using Percheron.Models;
using Percheron.Testing;
using Xunit;

namespace Percheron.Tests.Drafters;

public class ForeignModelTests
{
    private static readonly byte[][] Letters = [.. Enumerable.Range(0, 26).Select(i => new[] { (byte)('a' + i) })];

    [Fact]
    public void Tokens_of_the_same_bytes_are_the_same_and_others_are_spelled()
    {
        var target = new TextVocabulary([[], "the"u8.ToArray(), "c"u8.ToArray(), "at"u8.ToArray(), "cat"u8.ToArray(), "z"u8.ToArray()]);
        var draft = new TextVocabulary(["at"u8.ToArray(), "c"u8.ToArray(), "th"u8.ToArray(), "e"u8.ToArray(), "c"u8.ToArray(), []]);
        var map = new VocabularyMap(target, draft, [(0, 5)]);
        Assert.Equal([3, 2, -1, -1, -1, 0], map.TargetOf.ToArray());
        Assert.Equal(3, map.Common);
        Assert.Equal([[5], [2, 3], [1], [0], [1, 0]], Enumerable.Range(0, 5).Select(t => map.Spelling(t).ToArray()));
        // What cannot be spelled at all is read as something.
        Assert.Equal([0], map.Spelling(5).ToArray());
    }

    [Fact]
    public void A_row_answers_as_the_draft_does_behind_the_spelled_tokens()
    {
        (ForeignModel model, ToyModel inner) = Make(26, (10, "ab"u8.ToArray()), (11, "cde"u8.ToArray()));
        using KvCache cache = model.NewCache();
        var rows = new Rows();
        rows.Reset(cache);
        int ab = rows.Add(10, -1, logits: true), c = rows.Add(2, ab, logits: true), cde = rows.Add(11, ab, logits: true);
        model.Forward([rows]);
        Check(rows.Logits(0), inner, 1, 0);
        Check(rows.Logits(1), inner, 2, 1, 0);
        Check(rows.Logits(2), inner, 4, 3, 2);
        // Committed, taken back and read again, a path is what it was.
        cache.Commit([ab, cde]);
        Assert.Equal(2, cache.Length);
        cache.Truncate(1);
        rows.Reset(cache);
        rows.Add(3, -1, logits: true);
        model.Forward([rows]);
        Check(rows.Logits(0), inner, 3, 1, 0);
        Assert.Equal(2 + 1 + 3 + 1, inner.Evaluated);
    }

    [Fact]
    public void It_never_changes_the_text()
    {
        Toy.SaysWhatPlainDecodingSays(() => new ModelDrafter(Lacking(1.5f), depth: 3, vocabulary: new TliVocabulary()));
        Toy.SaysWhatPlainDecodingSays(() => new ModelDrafter(Lacking(1.5f, context: 20), depth: 3, width: 2, confidence: 0, vocabulary: new TliVocabulary()));
    }

    [Fact]
    public void Steady_steps_allocate_nothing() => Toy.AllocatesNothing(new ModelDrafter(Lacking(1.5f), depth: 3, vocabulary: new TliVocabulary()), 1);

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public void The_law_is_the_targets_though_the_draft_lacks_a_token(int width, int depth)
    {
        // The draft of three tokens knows two of the target's; of the third it only has another spelling.
        static ForeignModel Draft()
        {
            var target = new TextVocabulary(Letters[..3]);
            return new ForeignModel(ExactLaw.Draft(), new VocabularyMap(target, new TextVocabulary([Letters[1], Letters[0], Letters[7]])));
        }

        Assert.InRange(ExactLaw.Distance(() => new ModelDrafter(Draft(), depth, width, confidence: 0, vocabulary: new TliVocabulary())), 0, 1e-6);
    }

    [Fact]
    public void A_draft_that_means_the_same_in_other_numbers_is_accepted_in_full()
    {
        var host = new ToyHost(Toy.Target(), 0);
        Drafter drafter = new Catalog().Drafter("model(@foreign, depth=4, confidence=0, vocabulary=tli)", host);
        Assert.Equal(5, Toy.AcceptedLength(drafter, 0));
        Assert.Equal(5, Toy.AcceptedLength(new Catalog().Drafter("model(@foreign, depth=4, confidence=0, vocabulary=tli)", host), 1));
    }

    [Fact]
    public void Without_being_asked_for_another_vocabulary_is_refused() =>
        Assert.Contains("option vocabulary", Assert.Throws<SpecException>(() => new Catalog().Drafter("model(@foreign)", new ToyHost(Toy.Target(), 0))).Message, StringComparison.Ordinal);

    [Fact]
    public void Vocabularies_without_a_common_token_are_refused()
    {
        var model = new ForeignModel(Toy.Draft(), new VocabularyMap(new TextVocabulary(Letters[..12]), new TextVocabulary(Letters[12..24])));
        Assert.Contains("no token in common", Assert.Throws<ArgumentException>(() => new ModelDrafter(model, vocabulary: new TliVocabulary())).Message, StringComparison.Ordinal);
    }

    // The draft has ten of the toy's twelve tokens in another order; two are spelled with others.
    private static ForeignModel Lacking(float noise, int context = 1 << 20)
    {
        byte[][] pieces = [.. Letters[..10], "ab"u8.ToArray(), "cde"u8.ToArray()];
        return new ForeignModel(new ToyModel(11) { Noise = noise, ContextLength = context }, new VocabularyMap(new TextVocabulary(pieces), new TextVocabulary([.. Letters[..10].Reverse(), "zz"u8.ToArray()])));
    }

    private static (ForeignModel Model, ToyModel Inner) Make(int vocab, params (int Id, byte[] Piece)[] others)
    {
        byte[][] pieces = [.. Letters];
        foreach ((int id, byte[] piece) in others) pieces[id] = piece;
        var inner = new ToyModel(vocab, order: 3);
        return (new ForeignModel(inner, new VocabularyMap(new TextVocabulary(pieces), new TextVocabulary(Letters))), inner);
    }

    private static void Check(ReadOnlySpan<float> logits, ToyModel inner, params int[] newestFirst)
    {
        var expected = new float[inner.Vocab];
        inner.Logits(newestFirst, expected);
        for (int id = 0; id < logits.Length; id++)
            if (id is 10 or 11) Assert.True(logits[id] < -1e29f);
            else Assert.Equal(expected[id], logits[id]);
    }
}
