using Percheron.Decoding;
using Percheron.Models;
using Percheron.Testing;
using Xunit;

namespace Percheron.Tests.Verifiers;

/// <summary>Lossy rules: each has a setting at which it is the exact rule, whatever is proposed, and none accepts what the target never gives.</summary>
public class LossyRulesTests
{
    private const int Vocab = Drafts.Vocab;

    private static readonly string[] Exact =
    [
        "big-little(rollback=0)", "cascade-deferral(alpha=-1, rule=chow)", "cascade-deferral(alpha=-1, rule=difference)", "cascade-deferral(alpha=-1, rule=variation)", "coarse-grained(distance=0)", "decided(take=false)", "fuzzy(threshold=0)",
        "fuzzy(threshold=0, divergence=kl)", "fuzzy(threshold=0, divergence=tv)", "grouped(delta=0)", "grouped(delta=0, ratio=group)", "gsd(neighbours=0)", "gsd(gap=0)", "judge(threshold=1)", "lenient(lenience=1)", "mentored(budget=0)", "mtad(threshold=1)", "repeated-sampling(samples=1)",
        "tolerance(tolerance=0)", "top-k-accept(k=0)",
        "typical-acceptance(epsilon=1, delta=1e9)",
    ];

    private static readonly Catalog Catalog = new();

    private static readonly ToyHost Host = new(new ToyModel(Vocab), 0);

    private static IEnumerable<CatalogEntry> Lossy => Catalog.Verifiers.Where(e => !Catalog.Verifier(e.Examples[0], Host).IsLossless);

    public static TheoryData<string> ExactSettings => [.. Exact];

    public static TheoryData<string> Verifiers => [.. Lossy.SelectMany(e => e.Examples)];

    [Fact]
    public void Every_lossy_rule_has_an_exact_setting() => Assert.Equal([.. Lossy.Select(e => e.Name)], Exact.Select(e => Spec.Parse(e).Name).Distinct());

    [Theory]
    [MemberData(nameof(ExactSettings))]
    public void At_its_exact_setting_next_tokens_have_the_targets_law(string verifier)
    {
        foreach ((string draft, Action<TokenTree, RandomSource, ulong> propose) in Drafts.All)
            for (ulong seed = 0; seed < 2; seed++)
            {
                ulong s = seed;
                var step = new OneStep(Vocab, path => OneStep.Random(Vocab, s, path));
                double[] law = step.Law((tree, random) => propose(tree, random, 100 + s), Catalog.Verifier(verifier, Host), 3);
                Assert.True(LawAssert.Distance(step.Own(3), law) < 1e-7, draft);
            }
    }

    [Theory]
    [MemberData(nameof(ExactSettings))]
    public void At_its_exact_setting_text_and_law_of_the_loop_are_the_targets(string verifier)
    {
        foreach (string drafter in (string[])["ngram", "model(depth=2, width=2)", "model(depth=3)"])
        {
            var pair = new Pair(drafter, verifier, host => Catalog.Drafter(drafter, host), host => new AsLossless(Catalog.Verifier(verifier, host)));
            Assert.Empty(((IEnumerable<Finding>)[.. TextCheck.Run(pair), .. LawCheck.Run(pair, 2_000)]).Where(f => !f.Ok).Select(f => f.ToString()));
        }
    }

    [Theory]
    [MemberData(nameof(Verifiers))]
    public void A_token_the_target_never_gives_is_never_accepted(string verifier)
    {
        foreach (double[] q in (double[][])[[1 - 1e-7, 1e-7, 0, 0], [0.01, 0.99, 0, 0], [0.5, 0.5, 0, 0], [0, 1, 0, 0]])
            foreach (double[] p in (double[][])[[1, 0, 0, 0], [0.5, 0, 0.5, 0]])
            {
                var step = new OneStep(Vocab, _ => p);
                Assert.Equal(0, step.Law((tree, random) => Drafts.Without(tree, random, q, 2, 0), Catalog.Verifier(verifier, Host), 1)[1]);
                Assert.Equal(0, step.Law((tree, random) => Drafts.Draws(tree, random, q, 2), Catalog.Verifier(verifier, Host), 1)[1]);
                Assert.Equal(0, step.Law((tree, _) => tree.Add(tree.Add(0, 1), 0), Catalog.Verifier(verifier, Host), 1)[1]);
            }
    }

    // Relaxing a rule accepts more, up to everything or to a bound of its own.
    [Theory]
    [InlineData("big-little(rollback=0)", "big-little(rollback=1)", "big-little(rollback=9)")]
    [InlineData("cascade-deferral(alpha=-1)", "cascade-deferral(alpha=0.2)", "cascade-deferral(alpha=2)")]
    [InlineData("fuzzy(threshold=0)", "fuzzy(threshold=0.1)", "fuzzy(threshold=1)")]
    [InlineData("coarse-grained(distance=0)", "coarse-grained(distance=1)", "coarse-grained(distance=2)")]
    [InlineData("grouped(delta=0)", "grouped(delta=0.3)", "grouped(delta=0.9)")]
    [InlineData("grouped(delta=0)", "grouped(lambda=1.8)", "grouped(lambda=9)")]
    [InlineData("gsd(neighbours=0)", "gsd(neighbours=2, gap=1, distance=1)", "gsd(neighbours=4, gap=1)")]
    [InlineData("judge(threshold=1)", "judge(threshold=0.5)", "judge(threshold=0)")]
    [InlineData("lenient(lenience=1)", "lenient(lenience=0.5)", "lenient(lenience=0.01)")]
    [InlineData("mentored(budget=0)", "mentored(budget=0.1)", "mentored(budget=1)")]
    [InlineData("mtad(threshold=1)", "mtad(threshold=0.5)", "mtad(threshold=0.1)")]
    [InlineData("repeated-sampling(samples=1)", "repeated-sampling(samples=2)", "repeated-sampling(samples=5)")]
    [InlineData("tolerance(tolerance=0)", "tolerance(tolerance=0.2)", "tolerance(tolerance=0.6)")]
    [InlineData("top-k-accept(k=0)", "top-k-accept(k=1)", "top-k-accept(k=4, gap=9)")]
    public void The_further_it_is_relaxed_the_more_it_accepts(params string[] settings)
    {
        var accepted = new double[settings.Length];
        for (ulong seed = 0; seed < 8; seed++)
        {
            ulong s = seed;
            var step = new OneStep(Vocab, path => OneStep.Random(Vocab, s, path));
            for (int i = 0; i < settings.Length; i++)
            {
                step.Law((tree, random) => Drafts.Chain(tree, random, 100 + s, "dd"), Catalog.Verifier(settings[i], Host), 1);
                accepted[i] += step.Accepted / 8;
            }
        }
        Assert.True(accepted[0] < accepted[1] - 0.01 && accepted[1] < accepted[2] - 0.01, string.Join(" ", accepted));
    }

    private sealed class AsLossless(Verifier rule) : Verifier
    {
        public override bool IsLossless => true;

        public override FeatureSet Features => rule.Features;

        public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence) => rule.Verify(tree, target, sequence);
    }
}
