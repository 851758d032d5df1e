using Percheron.Decoding;
using Percheron.Testing;
using Xunit;

namespace Percheron.Tests.Conformance;

/// <summary>
/// What drafters that copy from the text itself get wrong in other engines, for every one of the catalogue: short periods, constant text, tokens generated one at a time, the first
/// occurrence kept instead of the latest, a wrong place copied from, and no recovery after a wrong guess.
/// </summary>
public class CopyingTests
{
    private const int Vocab = 64;

    // So many different tokens, in no order.
    private static readonly int[] Block = [.. Enumerable.Range(0, 40).Select(i => i * 27 % Vocab)];

    private static readonly int[] Others = [.. Enumerable.Range(0, Vocab).Except(Block)];

    // Example specs that may do less by their options are left out: the first one of each method is the one with its defaults.
    private static IEnumerable<string> Specs => new Catalog().Drafters.SelectMany(e => e.Examples.Count > 1 && e.Name == e.Examples[0] ? e.Examples.Take(1) : e.Examples);

    public static TheoryData<string> Family => [.. Specs.Where(Copies)];

    [Fact]
    public void Nobody_who_copies_is_missing() =>
        Assert.Superset(new HashSet<string> { "anpd", "lookahead", "n-grammys", "ngram", "suffix", "suffix-tree" }, Family.Select(row => row.Data).ToHashSet());

    [Theory]
    [MemberData(nameof(Family))]
    public void Short_periods_and_constant_text_are_gone_on_with(string drafter)
    {
        for (int period = 1; period <= 5; period++)
        {
            int[] text = [.. Enumerable.Range(0, 120).Select(i => Block[i % period])];
            Feed feed = Run(drafter, 1, text);
            Assert.True(feed.Hits >= 100, $"period {period}: {feed.Hits} of {feed.Steps} guesses were right");
            Assert.True(feed.LongestRight >= 3, $"period {period}: no draft of more than {feed.LongestRight} tokens was right");
        }
    }

    [Theory]
    [MemberData(nameof(Family))]
    public void Tokens_that_come_one_at_a_time_are_learned_and_copied_from_the_right_place(string drafter)
    {
        int[] text = [.. Block, .. Block, .. Block, .. Block];
        Feed feed = Run(drafter, 1, text, watchFrom: 80);
        Assert.True(feed.Hits >= feed.Steps - 4, $"{feed.Hits} of {feed.Steps} guesses were right");
        Assert.True(feed.WrongTokens <= 4, $"{feed.WrongTokens} tokens of the first paths were wrong");
        // As much as one that was given the beginning as a prompt.
        Assert.InRange(feed.Hits, Run(drafter, 80, text, watchFrom: 80).Hits - 2, feed.Steps);
    }

    [Theory]
    [MemberData(nameof(Family))]
    public void Of_two_places_the_latest_is_copied(string drafter)
    {
        int[] key = Others[..3];
        int old = Others[3], latest = Others[4];
        int[] level = FirstLevel(drafter, [.. Block[..10], .. key, old, .. Block[10..20], .. key, latest, .. Block[20..30], .. key]);
        // Who asks for more evidence than two places that disagree may be silent.
        if (level.Length > 0) Assert.Equal(latest, level[0]);
    }

    [Theory]
    [MemberData(nameof(Family))]
    public void It_recovers_after_wrong_guesses(string drafter)
    {
        var text = new List<int>();
        for (int i = 0; i < 20; i++) text.AddRange([7, 1, 2, 3]);
        for (int i = 0; i < 40; i++) text.AddRange([8, 1, 2, 3]);
        for (int i = 0; i < 3; i++) text.AddRange(Block);
        Feed changed = Run(drafter, 1, [.. text[..(60 * 4)]], watchFrom: 45 * 4);
        Assert.True(changed.Hits >= changed.Steps - 4, $"{changed.Hits} of {changed.Steps} guesses were right long after the text had changed");
        Feed after = Run(drafter, 1, [.. text], watchFrom: text.Count - Block.Length);
        Assert.True(after.Hits >= after.Steps - 4, $"{after.Hits} of {after.Steps} guesses were right behind a text that nothing could be copied from");
    }

    [Theory]
    [MemberData(nameof(Family))]
    public void A_draft_is_not_so_long_that_its_rows_cost_more_than_it_wins(string drafter)
    {
        int[] text = [.. Enumerable.Repeat(5, 200)];
        var tree = new TokenTree();
        tree.Reset(5, text.Length - 1, 64);
        New(drafter).Draft([new DraftSlot(NewSequence(text), tree)]);
        int depth = Enumerable.Range(0, tree.Count).Max(tree.Depth);
        Assert.InRange(depth, 1, 32);
    }

    private static bool Copies(string spec)
    {
        Drafter drafter = New(spec);
        if (UsesModel(drafter)) return false;
        // Right by chance about as often as not at all.
        return Run(spec, 1, [.. Block, .. Block, .. Block[..10]], watchFrom: 80).Hits >= 5;
    }

    private static bool UsesModel(Drafter drafter) => drafter.Model is not null || drafter.Members.Any(UsesModel);

    private static Drafter New(string spec) => new Catalog().Drafter(spec, new ToyHost(new ToyModel(Vocab), 1));

    private static Sequence NewSequence(ReadOnlySpan<int> text) => new(text, new SequenceOptions { Random = new SeededRandom(1) });

    private static int[] FirstLevel(string spec, int[] text)
    {
        var tree = new TokenTree();
        tree.Reset(text[^1], text.Length - 1, 64);
        New(spec).Draft([new DraftSlot(NewSequence(text), tree)]);
        var tokens = new List<int>();
        for (int child = tree.FirstCandidate(0); child >= 0; child = tree.NextCandidate(child)) tokens.Add(tree.Token(child));
        return [.. tokens];
    }

    // Commits a text token by token, as plain decoding does, and looks at what would have been accepted.
    private static Feed Run(string spec, int prompt, int[] text, int watchFrom = 1)
    {
        Drafter drafter = New(spec);
        Sequence sequence = NewSequence(text.AsSpan(0, prompt));
        var tree = new TokenTree();
        var feed = new Feed();
        for (int i = prompt; i < text.Length; i++)
        {
            tree.Reset(sequence.Tokens[^1], sequence.Count - 1, 64);
            drafter.Draft([new DraftSlot(sequence, tree)]);
            if (i >= watchFrom) feed.Watch(tree, text.AsSpan(i));
            sequence.Append(text[i]);
        }
        return feed;
    }

    private sealed class Feed
    {
        public int Steps { get; private set; }

        public int Hits { get; private set; }

        public int LongestRight { get; private set; }

        public int WrongTokens { get; private set; }

        public void Watch(TokenTree tree, ReadOnlySpan<int> truth)
        {
            Steps++;
            int right = 0;
            for (int at = 0; right < truth.Length && (at = tree.FindCandidate(at, truth[right])) > 0;) right++;
            Hits += right > 0 ? 1 : 0;
            LongestRight = Math.Max(LongestRight, right);
            int depth = 0;
            for (int at = tree.FirstCandidate(0); at > 0 && depth < truth.Length; at = tree.FirstCandidate(at), depth++)
                if (tree.Token(at) != truth[depth]) WrongTokens++;
        }
    }
}
