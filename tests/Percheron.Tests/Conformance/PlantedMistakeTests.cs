using Percheron.Decoding;
using Percheron.Testing;
using Percheron.Tests.Conformance.Planted;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Conformance;

/// <summary>Mistakes of public code, planted one at a time: the suite has to fail on each, and on none of the same pieces without a mistake.</summary>
public class PlantedMistakeTests
{
    private static readonly Func<ToyHost, Verifier> Coupled = _ => new Coupled(), Sampling = _ => new SpeculativeSampling();

    private static readonly Dictionary<string, (string SeenBy, Func<Pair> Make)> Planted = new()
    {
        ["residual not subtracted"] = ("law", () => Sampler("model(depth=2)", WrongSampling.Mistake.ResidualNotSubtracted)),
        ["without replacement taken as with"] = ("law", () => Sampler("model(depth=2, width=2)", WrongSampling.Mistake.WithoutReplacementTakenAsWith)),
        ["a fixed candidate always accepted"] = ("law", () => Sampler("ngram", WrongSampling.Mistake.FixedAlwaysAccepted)),
        ["one draw for each candidate"] = ("law", () => Sampler("model(depth=1, width=2, tree=top-k)", WrongSampling.Mistake.OneDrawPerCandidate)),
        ["residual drawn by position noise"] = ("law", () => Sampler("model(depth=2)", WrongSampling.Mistake.ResidualByPositionNoise)),
        ["ratio rule over shared noise"] = ("text", () => Sampler("model(depth=2)", WrongSampling.Mistake.RatioOverSharedNoise)),
        ["bonus from the row before"] = ("text", () => Sampler("model(depth=2)", WrongSampling.Mistake.BonusFromTheRowBefore)),
        ["low-confidence token dropped"] = ("law", () => Chain(WrongChain.Mistake.DropsLowConfidence, Sampling)),
        ["drawn from another law than the ratio's"] = ("law", () => Chain(WrongChain.Mistake.DrawsFromAnotherLaw, Sampling)),
        ["drawn by the drafter's own noise"] = ("law", () => Chain(WrongChain.Mistake.DrawsByItsOwnNoise, Sampling)),
        ["the same under block verification"] = ("law", () => Chain(WrongChain.Mistake.DrawsByItsOwnNoise, _ => new Block())),
        ["drawn from a neighbour's source"] = ("law", () => Borrowed(true)),
        ["draft keeps rejected rows"] = ("text", () => Chain(WrongChain.Mistake.KeepsRejectedRows, Coupled)),
        ["hole in the draft's cache after full acceptance"] = ("yield", () => Chain(WrongChain.Mistake.HoleAfterFullAcceptance, Coupled)),
        ["traversal: a refused child leaves the ratio as it was"] = ("law", () => Traversal(WrongTraversal.Mistake.RatioKept)),
        ["traversal: the residual is not that of earlier residuals"] = ("law", () => Traversal(WrongTraversal.Mistake.ResidualOfTheWholeLaw)),
        ["traversal: siblings taken as independent"] = ("law", () => Traversal(WrongTraversal.Mistake.SiblingsTakenAsIndependent)),
        ["traversal: the next token from the whole law"] = ("law", () => Traversal(WrongTraversal.Mistake.NextFromTheWholeLaw)),
        ["two draws: more is covered than there is"] = ("law", () => Group(WrongGroup.Mistake.RhoTooSmall)),
        ["two draws: the residual of one"] = ("law", () => Group(WrongGroup.Mistake.ResidualOfOneDraw)),
        ["two draws: the selected one is tried as if it were drawn"] = ("law", () => Group(WrongGroup.Mistake.SelectedTriedAsIfDrawn)),
        ["draws without replacement said to be independent, k-SEQ"] = ("law", () => Proposals(ToyProposals.Form.SharedTaggedAlone, _ => new KSeq())),
        ["draws without replacement said to be independent, optimal"] = ("law", () => Proposals(ToyProposals.Form.SharedTaggedAlone, _ => new Optimal())),
        ["drawn from the others, said to be drawn from all"] = ("law", () => Proposals(ToyProposals.Form.BestAndOneTaggedWhole, _ => new GreedyPlusOne())),
        ["wrong rows kept in the cache"] = ("text", () => Tree(WrongToy.Mistake.WrongRowsKept)),
        ["parents off by one"] = ("text", () => Tree(WrongToy.Mistake.ParentsOffByOne)),
        ["cache forgets the last accepted row"] = ("yield", () => Tree(WrongToy.Mistake.ForgetsTheLastRow)),
    };

    private static readonly Dictionary<string, Func<Pair>> Sound = new()
    {
        ["sampling"] = () => Sampler("model(depth=2, width=2)", WrongSampling.Mistake.None),
        ["sampling of fixed candidates"] = () => Sampler("ngram", WrongSampling.Mistake.None),
        ["chain"] = () => Chain(WrongChain.Mistake.None, Coupled),
        ["chain under a ratio rule"] = () => Chain(WrongChain.Mistake.None, Sampling),
        ["drawn from its own source beside a neighbour"] = () => Borrowed(false),
        ["traversal"] = () => Traversal(WrongTraversal.Mistake.None),
        ["two draws"] = () => Group(WrongGroup.Mistake.None),
        ["two draws, one selected"] = () => Group(WrongGroup.Mistake.NoneOfSelection),
        ["toy"] = () => Tree(WrongToy.Mistake.None),
        ["feature head"] = () => FeatureHead(wrongToken: false),
        ["window"] = () => Window(shifted: false),
    };

    public static TheoryData<string> Mistakes => [.. Planted.Keys];

    public static TheoryData<string> SoundPieces => [.. Sound.Keys];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Mistake_is_seen(string mistake)
    {
        (string seenBy, Func<Pair> make) = Planted[mistake];
        Pair pair = make();
        IReadOnlyList<Finding> findings = seenBy switch { "law" => LawCheck.Run(pair), "text" => TextCheck.Run(pair), _ => YieldCheck.Run(pair) };
        foreach (Finding finding in findings) TestContext.Current.TestOutputHelper?.WriteLine(finding.ToString());
        Assert.Contains(findings, f => !f.Ok);
    }

    [Theory]
    [MemberData(nameof(SoundPieces))]
    public void The_same_piece_without_a_mistake_passes(string piece)
    {
        Pair pair = Sound[piece]();
        Assert.Empty(((IEnumerable<Finding>)[.. TextCheck.Run(pair), .. LawCheck.Run(pair), .. YieldCheck.Run(pair)]).Where(f => !f.Ok).Select(f => f.ToString()));
    }

    [Fact]
    public void Mistakes_that_cost_only_yield_leave_text_and_law_perfect()
    {
        foreach (Pair pair in (Pair[])[Chain(WrongChain.Mistake.HoleAfterFullAcceptance, Coupled), FeatureHead(wrongToken: true), Window(shifted: true)])
            Assert.Empty(((IEnumerable<Finding>)[.. TextCheck.Run(pair), .. LawCheck.Run(pair)]).Where(f => !f.Ok).Select(f => f.ToString()));
    }

    [Fact]
    public void A_feature_of_the_wrong_token_and_a_shifted_window_show_in_the_approved_yield()
    {
        Assert.Equal("4.878 2.941 1.105 1.093", string.Join(' ', ((Pair[])[FeatureHead(false), FeatureHead(true), Window(false), Window(true)]).Select(p => YieldCheck.Measure(p).Greedy.ToString(System.Globalization.CultureInfo.InvariantCulture))));
    }

    private static Pair Sampler(string drafter, WrongSampling.Mistake mistake) => CatalogPairs.Suite.Pair(drafter, "speculative-sampling") with { NewVerifier = _ => new WrongSampling(mistake) };

    private static Pair Chain(WrongChain.Mistake mistake, Func<ToyHost, Verifier> verifier) =>
        new("chain", "a verifier", host => new WrongChain((ToyModel)host.Supply(typeof(ToyModel), "draft", null)!, mistake), verifier) { DraftsByModel = true };

    private static Pair Borrowed(bool borrows) => new("one draw", "speculative-sampling", _ => new BorrowedRandom(borrows), Sampling);

    private static Pair Traversal(WrongTraversal.Mistake mistake) => CatalogPairs.Suite.Pair("model(depth=2, width=2)", "traversal") with { NewVerifier = _ => new WrongTraversal(mistake) };

    private static Pair Group(WrongGroup.Mistake mistake) => Proposals(ToyProposals.Form.TwoChains, _ => new WrongGroup(mistake));

    private static Pair Proposals(ToyProposals.Form form, Func<ToyHost, Verifier> verifier) => new(form.ToString(), "a verifier", _ => new ToyProposals(form), verifier);

    private static Pair Tree(WrongToy.Mistake mistake) => CatalogPairs.Suite.Pair("model(depth=3, width=2)", "coupled") with { WrapTarget = toy => new WrongToy(toy, mistake) };

    private static Pair FeatureHead(bool wrongToken) => new("feature head", "coupled", host => new WrongFeatureHead(host.Draft(0), wrongToken), Coupled);

    private static Pair Window(bool shifted) => new("window", "coupled", _ => new WrongWindow(shifted), Coupled);
}
