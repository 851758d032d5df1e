using Percheron.Decoding;
using Percheron.Testing;
using Percheron.Tests.Support;
using Xunit;

namespace Percheron.Tests.Verifiers;

/// <summary>
/// What each rule accepts on the toy laws of the project's oracle scripts, which enumerate the rules independently of this code. The laws come from Python's generator.
/// </summary>
public class KnownAcceptanceTests
{
    private const int Vocab = 4;

    private static readonly (double[] P, double[] Q)[] Pairs = NewPairs();

    private static readonly Catalog Catalog = new();

    [Fact]
    public void The_toy_laws_are_pythons() => Assert.Equal(0.6229016948897019, new PythonRandom(5).Uniform(), 1e-15);

    [Theory]
    [InlineData("speculative-sampling", "1 draw", 0.5498)]
    [InlineData("speculative-sampling", "3 draws", 0.6987)]
    [InlineData("speculative-sampling", "3 without replacement", 0.8502)]
    [InlineData("speculative-sampling", "best 3", 0.7584)]
    [InlineData("speculative-sampling", "best 2 and 1", 0.8351)]
    [InlineData("greedy-plus-one", "best 2 and 1", 0.9032)]
    [InlineData("greedy-plus-one", "best 1 and 1", 0.7455)]
    [InlineData("greedy-plus-one", "3 without replacement", 0.8502)]
    [InlineData("optimal", "2 draws", 0.6914)]
    [InlineData("optimal", "best 1 and 1", 0.7455)]
    [InlineData("optimal", "3 without replacement", 0.8502)]
    [InlineData("k-seq", "1 draw", 0.5498)]
    [InlineData("k-seq", "3 draws", 0.7200)]
    [InlineData("k-seq", "3 without replacement", 0.8502)]
    public void Candidates_of_one_node(string verifier, string draft, double expected)
    {
        Verifier rule = Catalog.Verifier(verifier, new ToyHost(new ToyModel(Vocab), 0));
        double mean = 0;
        foreach ((double[] p, double[] q) in Pairs)
        {
            var step = new OneStep(Vocab, _ => p);
            step.Law((tree, random) => Draft(draft, tree, random, q), rule, 1);
            mean += step.Accepted / Pairs.Length;
        }
        Assert.Equal(expected, mean, 6e-5);
    }

    [Theory]
    [InlineData("speculative-sampling", 1.1525)]
    [InlineData("block", 1.2700)]
    [InlineData("traversal", 1.2700)]
    public void Chains_of_three(string verifier, double expected)
    {
        double mean = 0;
        for (uint seed = 0; seed < 40; seed++) mean += Accepted(verifier, seed, 1000 + seed, 4, 1, 1, 1) / 40;
        Assert.Equal(expected, mean, 6e-5);
    }

    [Theory]
    [InlineData(1, 1, 1.1477, 1.1936)]
    [InlineData(2, 1, 1.3719, 1.4224)]
    [InlineData(1, 2, 1.3049, 1.3317)]
    [InlineData(2, 2, 1.5524, 1.5812)]
    public void Trees_without_replacement(int first, int second, double down, double traversal)
    {
        (double downMean, double traversalMean) = (0, 0);
        for (uint seed = 0; seed < 20; seed++)
        {
            downMean += Accepted("speculative-sampling", seed, 500 + seed, 3, first, second) / 20;
            traversalMean += Accepted("traversal", seed, 500 + seed, 3, first, second) / 20;
        }
        Assert.Equal(down, downMean, 6e-5);
        Assert.Equal(traversal, traversalMean, 6e-5);
    }

    private static void Draft(string draft, TokenTree tree, RandomSource random, double[] q)
    {
        int count = draft[0] - '0';
        if (draft == "best 3") Drafts.Fixed(tree, [.. Enumerable.Range(0, Vocab).OrderByDescending(x => q[x]).Take(3)]);
        else if (draft.StartsWith("best", StringComparison.Ordinal)) Drafts.BestAndOne(tree, random, q, draft[5] - '0');
        else if (draft.EndsWith("replacement", StringComparison.Ordinal)) Drafts.Without(tree, random, q, count, 0);
        else Drafts.Draws(tree, random, q, count);
    }

    // A full tree of draws without replacement, branching[i] wide at depth i.
    private static double Accepted(string verifier, uint targetSeed, uint draftSeed, int depth, params int[] branching)
    {
        const int vocab = 3;
        Dictionary<string, double[]> target = Model(vocab, targetSeed, depth), draft = Model(vocab, draftSeed, branching.Length);
        var step = new OneStep(vocab, path => target[Key(path)]);
        step.Law((tree, random) => Grow(tree, random, 0, []), Catalog.Verifier(verifier, new ToyHost(new ToyModel(vocab), 0)), 1);
        return step.Accepted;

        void Grow(TokenTree tree, RandomSource random, int parent, int[] path)
        {
            if (path.Length == branching.Length) return;
            int before = tree.Count;
            Drafts.Without(tree, random, draft[Key(path)], branching[path.Length], parent);
            int after = tree.Count;
            for (int child = before; child < after; child++) Grow(tree, random, child, [.. path, tree.Token(child)]);
        }
    }

    private static string Key(int[] path) => string.Join(',', path);

    // The scripts' model(seed): laws of every context below a length, made in the order of a depth-first walk.
    private static Dictionary<string, double[]> Model(int vocab, uint seed, int depth)
    {
        var random = new PythonRandom(seed);
        var laws = new Dictionary<string, double[]>();
        Fill([]);
        return laws;

        void Fill(int[] path)
        {
            if (path.Length == depth) return;
            laws[Key(path)] = Normal([.. Enumerable.Range(0, vocab).Select(_ => Math.Pow(random.Uniform(), 2) + 0.02)]);
            for (int x = 0; x < vocab; x++) Fill([.. path, x]);
        }
    }

    private static (double[] P, double[] Q)[] NewPairs()
    {
        var random = new PythonRandom(7);
        return [.. Enumerable.Range(0, 300).Select(_ => (Law(), Law()))];

        double[] Law() => Normal([.. Enumerable.Range(0, Vocab).Select(_ => Math.Pow(random.Uniform(), 2) + 0.01)]);
    }

    private static double[] Normal(double[] weights) => [.. weights.Select(w => w / weights.Sum())];
}
