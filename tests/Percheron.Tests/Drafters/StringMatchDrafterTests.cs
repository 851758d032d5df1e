using System.Text;
using Percheron.Codecs;
using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Models;
using Percheron.Testing;
using Percheron.Tests.Support;
using Xunit;

namespace Percheron.Tests.Drafters;

public class StringMatchDrafterTests
{
    [Fact]
    public void It_never_changes_the_text()
    {
        Toy.SaysWhatPlainDecodingSays(() => Make("string-match(confidence=0)", 1.5f));
        Toy.SaysWhatPlainDecodingSays(() => Make("string-match(length=3)", 1.5f));
    }

    [Fact]
    public void Steady_steps_allocate_nothing_but_the_growth_of_the_text() => Toy.AllocatesNothing(Make("string-match(confidence=0)", 1.5f), 1);

    [Fact]
    public void A_draft_that_says_the_same_in_tokens_of_its_own_is_accepted_in_full() => Assert.Equal(5, Toy.AcceptedLength(Make("string-match(length=4, confidence=0)", 0), 0));

    [Fact]
    public void What_was_confirmed_is_not_read_again()
    {
        var host = new ToyHost(Toy.Target(), 0);
        var decoder = new Percheron.Decoding.Decoder(Toy.Target(), new Catalog().Drafter("string-match(length=4, confidence=0)", host), new Percheron.Verifiers.Coupled());
        var sequence = new Sequence([1, 2, 3], Toy.Options(0, tokens: 50));
        decoder.Run(sequence);
        Assert.Equal(10, decoder.Statistics.Steps);
        // The prompt, then four rows a step and the last drafted token, whose row was not needed before.
        Assert.Equal(3 + 3 + (9 * 5), host.DraftRows);
    }

    [Fact]
    public void The_draft_writes_text_and_the_target_cuts_it()
    {
        // The draft knows letters and always goes on with the alphabet; the target has pairs, too.
        byte[][] letters = [.. Enumerable.Range(0, 26).Select(i => new[] { (byte)('a' + i) })];
        byte[][] pairs = [.. letters, "de"u8.ToArray(), "fg"u8.ToArray(), "cd"u8.ToArray()];
        var draft = new ForeignModel(new Alphabet(), new VocabularyMap(new TextVocabulary(pairs), new TextVocabulary([.. letters, []])));
        Assert.Equal([26, 27, 7], ProposalOf.Chain(new StringMatchDrafter(draft, length: 5, confidence: 0), [0, 1, 2]));
        // Behind "ab" the target would write "cd" as one token.
        Assert.Equal([28, 4], ProposalOf.Chain(new StringMatchDrafter(draft, length: 3, confidence: 0), [0, 1]));
        Assert.Equal([26], ProposalOf.Chain(new StringMatchDrafter(draft, length: 5, confidence: 0), [0, 1, 2], budget: 1));
        // A sign that ends a text ends the draft.
        Assert.Equal([24, 25], ProposalOf.Chain(new StringMatchDrafter(draft, length: 9, confidence: 0), [22, 23]));
    }

    [Fact]
    public void Half_a_character_is_waited_for()
    {
        byte[][] bytes = [.. Enumerable.Range(0, 256).Select(i => new[] { (byte)i })];
        var draft = new ForeignModel(new ToyModel(256), new VocabularyMap(new TextVocabulary(bytes), new TextVocabulary(bytes)));
        byte[] text = Encoding.UTF8.GetBytes("aé");
        Assert.Empty(ProposalOf.Chain(new StringMatchDrafter(draft, confidence: 0), [text[0], text[1]]));
        Assert.NotNull(ProposalOf.Chain(new StringMatchDrafter(draft, confidence: 0), [text[0], text[1], text[2]]));
    }

    [Fact]
    public void Text_goes_through_real_tokenizers_of_two_kinds()
    {
        Tokenizer target = Tokenizer.FromGpt2Files(SharedData.Require("tokenizers/encoder.json"), SharedData.Require("tokenizers/vocab.bpe"));
        using Percheron.Formats.GgufFile file = Percheron.Formats.GgufFile.Open(SharedData.Require("stories260k/stories260k-v3-f32.gguf"));
        Tokenizer draft = Tokenizer.FromGguf(file);
        VocabularyMap map = VocabularyMap.Between(target, draft);
        Assert.InRange(map.Common, 100, draft.VocabularySize);
        var ids = new List<int>();
        foreach (string text in (string[])["Once upon a time there was a little girl.", " there was", "upon a", "naïve – 3 €\n\n  x"])
        {
            foreach (TextVocabulary vocabulary in (TextVocabulary[])[map.Target, map.Draft])
            {
                ids.Clear();
                string latin = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
                vocabulary.Encode(latin, ids);
                Assert.Equal(latin, string.Concat(ids.Select(vocabulary.Piece)));
            }
        }
        ids.Clear();
        map.Target.Encode(" there was", ids);
        Assert.Equal(target.Encode(" there was", addSpecial: false), ids);
        // Every token of the target can be read.
        for (int id = 0; id < map.Target.Count; id++) Assert.NotEqual(0, map.Spelling(id).Length);
    }

    [Theory]
    [InlineData(0, 0.3)]
    [InlineData(257, 0.3)]
    [InlineData(4, -0.1)]
    [InlineData(4, double.NaN)]
    public void Senseless_options_are_refused(int length, double confidence)
    {
        var letters = new TextVocabulary([[97]]);
        Assert.ThrowsAny<ArgumentException>(() => new StringMatchDrafter(new ForeignModel(new ToyModel(1), new VocabularyMap(letters, letters)), length, confidence));
    }

    private static Drafter Make(string spec, float noise) => new Catalog().Drafter(spec, new ToyHost(Toy.Target(), noise));

    /// <summary>Says the next letter, and behind z a sign without a spelling.</summary>
    private sealed class Alphabet : IModel
    {
        private readonly ToyModel _toy = new(27);

        public int Vocab => 27;

        public int HiddenSize => 1;

        public int LayerCount => 1;

        public int ContextLength => 1000;

        public KvCache NewCache() => _toy.NewCache();

        public void Forward(ReadOnlySpan<Rows> batch)
        {
            foreach (Rows rows in batch)
            {
                rows.PrepareOutputs(27, 1);
                for (int row = 0; row < rows.Count; row++)
                {
                    rows.Cache.Append(rows.Parents[row]);
                    if (!rows.WantsLogits(row)) continue;
                    rows.LogitBuffer(row).Clear();
                    rows.LogitBuffer(row)[(rows.Tokens[row] + 1) % 27] = 9;
                }
            }
        }
    }
}
