using Percheron.Decoding;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Verifiers;

public class SpeculativeSamplingTests
{
    private const int Vocab = 4;

    public static TheoryData<string> Drafts => [.. Drafters.Keys];

    private static readonly Dictionary<string, Action<TokenTree, RandomSource, ulong>> Drafters = new()
    {
        ["nothing"] = (_, _, _) => { },
        ["one draw"] = (tree, random, seed) => Draws(tree, random, seed, 1),
        ["3 draws with replacement"] = (tree, random, seed) => Draws(tree, random, seed, 3),
        ["3 draws without replacement"] = (tree, random, seed) => Without(tree, random, seed, 3, 0),
        ["all 4 without replacement"] = (tree, random, seed) => Without(tree, random, seed, 4, 0),
        ["3 fixed"] = (tree, random, seed) => Fixed(tree, 2, 0, 3),
        ["a fixed one twice"] = (tree, random, seed) => Fixed(tree, 1, 1),
        ["draws from different laws"] = (tree, random, seed) => { Draws(tree, random, seed, 1); Draws(tree, random, seed + 1, 1); Draws(tree, random, seed + 2, 1); },
        ["fixed, then drawn, then fixed"] = (tree, random, seed) => { Fixed(tree, 1); Draws(tree, random, seed, 1); Fixed(tree, 0, 3); },
        ["two groups interleaved"] = Interleaved,
        ["two levels without replacement"] = (tree, random, seed) => { Without(tree, random, seed, 2, 0); Without(tree, random, seed + 7, 2, 1); Without(tree, random, seed + 8, 2, 2); },
        ["levels of different kinds"] = (tree, random, seed) => { Draws(tree, random, seed, 2); Without(tree, random, seed + 7, 2, 1); tree.Add(2, 3); },
        ["a narrow proposal"] = (tree, random, seed) => { Distribution q = OneStep.Fill(tree.RentLaw(), [0, 0.5, 0, 0.5]); tree.Add(0, random.Draw(1, q), q); tree.Add(0, random.Draw(1, q), OneStep.Fill(tree.RentLaw(), [0, 0.5, 0, 0.5])); },
    };

    [Theory]
    [MemberData(nameof(Drafts))]
    public void Next_tokens_have_the_targets_law(string draft)
    {
        for (ulong seed = 0; seed < 12; seed++)
        {
            ulong s = seed;
            var step = new OneStep(Vocab, path => OneStep.Random(Vocab, s, path));
            double[] law = step.Law((tree, random) => Drafters[draft](tree, random, 100 + s), new SpeculativeSampling(), 3);
            Assert.Equal(1, step.Mass, 1e-9);
            LawAssert.Equal(step.Own(3), law);
        }
    }

    [Fact]
    public void Acceptance_is_what_theory_says()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            ulong s = seed;
            double[] p = OneStep.Random(Vocab, s), q = OneStep.Random(Vocab, 100 + s);
            var step = new OneStep(Vocab, path => OneStep.Random(Vocab, s, path));
            step.Law((tree, random) => Draws(tree, random, 100 + s, 1), new SpeculativeSampling(), 1);
            Assert.Equal(p.Zip(q, Math.Min).Sum(), step.Accepted, 1e-6);
            step.Law((tree, random) => Fixed(tree, 2, 0), new SpeculativeSampling(), 1);
            Assert.Equal(p[2] + p[0], step.Accepted, 1e-6);
            step.Law((tree, random) => Without(tree, random, 100 + s, 4, 0), new SpeculativeSampling(), 1);
            Assert.Equal(1, step.Accepted, 1e-6);           // every token is there
            step.Law((tree, random) => Draws(tree, random, s, 1), new SpeculativeSampling(), 1);
            Assert.Equal(1, step.Accepted, 1e-6);           // the draft is the target
        }
    }

    // methods.md V7: no rule for k independent draws accepts more than 1 + min over sets G of p(G) − q(G)^k.
    [Fact]
    public void No_more_is_accepted_than_can_be()
    {
        for (ulong seed = 0; seed < 40; seed++)
        {
            ulong s = seed;
            double[] p = OneStep.Random(Vocab, s), q = OneStep.Random(Vocab, 100 + s);
            double bound = 1;
            for (int set = 0; set < 1 << Vocab; set++)
                bound = Math.Min(bound, 1 + Sum(p, set) - Math.Pow(Sum(q, set), 3));
            var step = new OneStep(Vocab, path => OneStep.Random(Vocab, s, path));
            step.Law((tree, random) => Draws(tree, random, 100 + s, 3), new SpeculativeSampling(), 1);
            Assert.InRange(step.Accepted, p.Zip(q, Math.Min).Sum() - 1e-6, bound + 1e-6);
        }

        static double Sum(double[] law, int set) => law.Where((_, x) => (set >> x & 1) == 1).Sum();
    }

    [Fact]
    public void Laws_that_differ_by_rounding_or_hardly_overlap_do_no_harm()
    {
        double[][] laws = [[1, 0, 0, 0], [0, 0, 0, 1], [0.5, 0.5, 0, 0], [0.25, 0.25, 0.25, 0.25], [1 - 3e-7, 1e-7, 1e-7, 1e-7], [0.2500001, 0.2499999, 0.25, 0.25], [1e-30, 1, 0, 0], [0.3, 0.7 - 1e-12, 1e-12, 0]];
        foreach (double[] p in laws)
            foreach (double[] q in laws)
                foreach (int draws in new[] { 1, 2, 4 })
                {
                    var step = new OneStep(Vocab, _ => p);
                    LawAssert.Equal(step.Own(1), step.Law((tree, random) => Siblings(tree, random, q, draws), new SpeculativeSampling(), 1));
                    LawAssert.Equal(step.Own(1), step.Law((tree, random) => { for (int i = 0; i < draws; i++) Siblings(tree, random, q, 1); }, new SpeculativeSampling(), 1));
                }
    }

    [Fact]
    public void A_token_the_target_never_gives_is_never_accepted()
    {
        foreach (double[] q in (double[][])[[1 - 1e-7, 1e-7, 0, 0], [1 - 1e-12, 1e-12, 0, 0], [0.5, 0.5, 0, 0], [1, 1e-30, 0, 0]])
            foreach (int draws in new[] { 1, 2 })
            {
                var step = new OneStep(Vocab, _ => [1, 0, 0, 0]);
                double[] law = step.Law((tree, random) => Siblings(tree, random, q, draws), new SpeculativeSampling(), 1);
                Assert.Equal([1, 0, 0, 0], law.Select(p => Math.Round(p, 12)));
                Assert.Equal(0, law[1]);
                law = step.Law((tree, random) => Siblings(tree, random, q, 1), new Block(), 1);
                Assert.Equal(0, law[1]);
            }
    }

    [Fact]
    public void A_tag_that_cannot_be_true_counts_as_fixed()
    {
        var step = new OneStep(Vocab, path => OneStep.Random(Vocab, 3, path));
        double[] law = step.Law((tree, _) => tree.Add(0, 2, OneStep.Distribution([0.5, 0.5, 0, 0])), new SpeculativeSampling(), 1);
        LawAssert.Equal(step.Own(1), law);
        Assert.Equal(OneStep.Random(Vocab, 3)[2], step.Accepted, 1e-6);
    }

    private static void Draws(TokenTree tree, RandomSource random, ulong seed, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Distribution law = OneStep.Fill(tree.RentLaw(), OneStep.Random(Vocab, seed));
            tree.Add(0, random.Draw(1, law), law);
        }
    }

    private static void Without(TokenTree tree, RandomSource random, ulong seed, int count, int parent)
    {
        Distribution law = OneStep.Fill(tree.RentLaw(), OneStep.Random(Vocab, seed));
        Span<int> tokens = stackalloc int[count];
        foreach (int token in tokens[..random.Draw(1, law, tokens)]) tree.Add(parent, token, law);
    }

    private static void Siblings(TokenTree tree, RandomSource random, double[] q, int count)
    {
        Distribution law = OneStep.Fill(tree.RentLaw(), q);
        Span<int> tokens = stackalloc int[count];
        foreach (int token in tokens[..random.Draw(1, law, tokens)]) tree.Add(0, token, law);
    }

    private static void Interleaved(TokenTree tree, RandomSource random, ulong seed)
    {
        Distribution a = OneStep.Fill(tree.RentLaw(), OneStep.Random(Vocab, seed)), b = OneStep.Fill(tree.RentLaw(), OneStep.Random(Vocab, seed + 1));
        Span<int> x = stackalloc int[2], y = stackalloc int[2];
        random.Draw(1, a, x);
        random.Draw(1, b, y);
        (int token, Distribution law)[] order = [(x[0], a), (y[0], b), (x[1], a), (y[1], b)];
        foreach ((int token, Distribution law) in order) tree.Add(0, token, law);
    }

    private static void Fixed(TokenTree tree, params ReadOnlySpan<int> tokens)
    {
        foreach (int token in tokens) tree.Add(0, token);
    }
}
