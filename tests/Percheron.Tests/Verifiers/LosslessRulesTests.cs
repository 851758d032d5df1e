using Percheron.Decoding;
using Percheron.Testing;
using Xunit;

namespace Percheron.Tests.Verifiers;

/// <summary>Every lossless verifier of the catalogue on every kind of proposal: the tag decides, so none may depend on getting the proposals it was made for.</summary>
public class LosslessRulesTests
{
    private const int Vocab = Drafts.Vocab;

    private static readonly Catalog Catalog = new();

    private static readonly ToyHost Host = new(new ToyModel(Vocab), 0);

    private static IEnumerable<string> Rules => Catalog.Verifiers.SelectMany(e => e.Examples).Where(v => Catalog.Verifier(v, Host).IsLossless);

    public static TheoryData<string, string> Cases => [.. Rules.SelectMany(v => Drafts.All.Keys.Select(d => (v, d)))];

    public static TheoryData<string> Verifiers => [.. Rules];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Next_tokens_have_the_targets_law(string verifier, string draft)
    {
        for (ulong seed = 0; seed < 4; seed++)
        {
            ulong s = seed;
            var step = new OneStep(Vocab, path => OneStep.Random(Vocab, s, path));
            double[] law = step.Law((tree, random) => Drafts.All[draft](tree, random, 100 + s), Catalog.Verifier(verifier, Host), 3);
            Assert.Equal(1, step.Mass, 1e-9);
            LawAssert.Equal(step.Own(3), law);
        }
    }

    [Theory]
    [MemberData(nameof(Verifiers))]
    public void Laws_that_differ_by_rounding_or_hardly_overlap_do_no_harm(string verifier)
    {
        double[][] laws = [[1, 0, 0, 0], [0, 0, 0, 1], [0.5, 0.5, 0, 0], [0.25, 0.25, 0.25, 0.25], [1 - 3e-7, 1e-7, 1e-7, 1e-7], [0.2500001, 0.2499999, 0.25, 0.25], [1e-30, 1, 0, 0], [0.3, 0.7 - 1e-12, 1e-12, 0]];
        Verifier rule = Catalog.Verifier(verifier, Host);
        foreach (double[] p in laws)
            foreach (double[] q in laws)
            {
                var step = new OneStep(Vocab, _ => p);
                LawAssert.Equal(step.Own(2), step.Law((tree, random) => { Drafts.Without(tree, random, q, 2, 0); Drafts.Without(tree, random, q, 1, 1); }, rule, 2));
                LawAssert.Equal(step.Own(1), step.Law((tree, random) => Drafts.Draws(tree, random, q, 2), rule, 1));
            }
    }

    [Theory]
    [MemberData(nameof(Verifiers))]
    public void A_token_the_target_never_gives_is_never_accepted(string verifier)
    {
        foreach (double[] q in (double[][])[[1 - 1e-7, 1e-7, 0, 0], [1 - 1e-12, 1e-12, 0, 0], [0.5, 0.5, 0, 0], [1, 1e-30, 0, 0]])
            foreach (int draws in new[] { 1, 2 })
            {
                var step = new OneStep(Vocab, _ => [1, 0, 0, 0]);
                Assert.Equal(0, step.Law((tree, random) => Drafts.Without(tree, random, q, draws, 0), Catalog.Verifier(verifier, Host), 1)[1]);
                Assert.Equal(0, step.Law((tree, random) => Drafts.Draws(tree, random, q, draws), Catalog.Verifier(verifier, Host), 1)[1]);
            }
    }

    // methods.md V7: no rule accepts more than 1 + min over sets G of p(G) − Pr(all drafts are in G).
    [Theory]
    [MemberData(nameof(Verifiers))]
    public void No_more_is_accepted_than_can_be(string verifier)
    {
        Verifier rule = Catalog.Verifier(verifier, Host);
        for (ulong seed = 0; seed < 12; seed++)
        {
            ulong s = seed;
            double[] p = OneStep.Random(Vocab, s), q = OneStep.Random(Vocab, 100 + s);
            var step = new OneStep(Vocab, path => OneStep.Random(Vocab, s, path));
            foreach (string draft in (string[])["one draw", "2 draws with replacement", "3 draws with replacement", "3 draws without replacement", "3 fixed", "the best two and one drawn"])
            {
                step.Law((tree, random) => Drafts.All[draft](tree, random, 100 + s), rule, 1);
                Assert.InRange(step.Accepted, 0, Optimum.Of(p, (tree, random) => Drafts.All[draft](tree, random, 100 + s)) + 1e-6);
            }
        }
    }
}
