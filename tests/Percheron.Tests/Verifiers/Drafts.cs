using Percheron.Decoding;

namespace Percheron.Tests.Verifiers;

/// <summary>Proposals of every kind that a tag can tell, over <see cref="Vocab"/> tokens: what is given is the tree, the source, and which laws.</summary>
internal static class Drafts
{
    public const int Vocab = 4;

    public static readonly IReadOnlyDictionary<string, Action<TokenTree, RandomSource, ulong>> All = new Dictionary<string, Action<TokenTree, RandomSource, ulong>>
    {
        ["nothing"] = (_, _, _) => { },
        ["one draw"] = (tree, random, seed) => Draws(tree, random, seed, 1),
        ["2 draws with replacement"] = (tree, random, seed) => Draws(tree, random, seed, 2),
        ["3 draws with replacement"] = (tree, random, seed) => Draws(tree, random, seed, 3),
        ["3 draws without replacement"] = (tree, random, seed) => Without(tree, random, seed, 3, 0),
        ["all 4 without replacement"] = (tree, random, seed) => Without(tree, random, seed, 4, 0),
        ["3 fixed"] = (tree, random, seed) => Fixed(tree, 2, 0, 3),
        ["a fixed one twice"] = (tree, random, seed) => Fixed(tree, 1, 1),
        ["draws from different laws"] = (tree, random, seed) => { Draws(tree, random, seed, 1); Draws(tree, random, seed + 1, 1); Draws(tree, random, seed + 2, 1); },
        ["fixed, then drawn, then fixed"] = (tree, random, seed) => { Fixed(tree, 1); Draws(tree, random, seed, 1); Fixed(tree, 0, 3); },
        ["two draws around a fixed one that follows the first"] = (tree, random, seed) => { Draws(tree, random, seed, 1); Fixed(tree, (tree.Token(1) + 1) % Vocab); Draws(tree, random, seed, 1); },
        ["two groups interleaved"] = Interleaved,
        ["two levels without replacement"] = (tree, random, seed) => { Without(tree, random, seed, 2, 0); Without(tree, random, seed + 7, 2, 1); Without(tree, random, seed + 8, 2, 2); },
        ["levels of different kinds"] = (tree, random, seed) => { Draws(tree, random, seed, 2); Without(tree, random, seed + 7, 2, 1); tree.Add(2, 3); },
        ["a narrow proposal"] = (tree, random, seed) => { Distribution q = OneStep.Fill(tree.RentLaw(), [0, 0.5, 0, 0.5]); tree.Add(0, random.Draw(1, q), q); tree.Add(0, random.Draw(1, q), OneStep.Fill(tree.RentLaw(), [0, 0.5, 0, 0.5])); },
        ["two independent chains"] = (tree, random, seed) => { Chain(tree, random, seed, "dd"); Chain(tree, random, seed, "dd"); },
        ["a chain of kinds"] = (tree, random, seed) => Chain(tree, random, seed, "dfd"),
        ["the best two and one drawn"] = (tree, random, seed) => BestAndOne(tree, random, OneStep.Random(Vocab, seed), 2),
        ["the best and one drawn, twice"] = (tree, random, seed) => { BestAndOne(tree, random, OneStep.Random(Vocab, seed), 1); BestAndOne(tree, random, OneStep.Random(Vocab, seed + 1), 1, 1); },
        ["one drawn, then the best of the others"] = (tree, random, seed) => { Draws(tree, random, seed, 1); double[] q = OneStep.Random(Vocab, seed); q[tree.Token(1)] = 0; Fixed(tree, Array.IndexOf(q, q.Max())); },
        ["a probe between draws"] = (tree, random, seed) => { Draws(tree, random, seed, 1); tree.Add(0, 2, probe: true); Draws(tree, random, seed, 1); },
    };

    public static void Draws(TokenTree tree, RandomSource random, ulong seed, int count) => Draws(tree, random, OneStep.Random(Vocab, seed), count);

    /// <summary>Independent draws from one law under the root, each with a law object of its own.</summary>
    public static void Draws(TokenTree tree, RandomSource random, double[] q, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Distribution law = OneStep.Fill(tree.RentLaw(), q);
            tree.Add(0, random.Draw(1, law), law);
        }
    }

    public static void Without(TokenTree tree, RandomSource random, ulong seed, int count, int parent) => Without(tree, random, OneStep.Random(Vocab, seed), count, parent);

    /// <summary>Draws without replacement under a node.</summary>
    public static void Without(TokenTree tree, RandomSource random, double[] q, int count, int parent)
    {
        Distribution law = OneStep.Fill(tree.RentLaw(), q);
        Span<int> tokens = stackalloc int[count];
        foreach (int token in tokens[..random.Draw(1, law, tokens)]) tree.Add(parent, token, law);
    }

    public static void Fixed(TokenTree tree, params ReadOnlySpan<int> tokens)
    {
        foreach (int token in tokens) tree.Add(0, token);
    }

    /// <summary>The most probable tokens, and one drawn from the others.</summary>
    public static void BestAndOne(TokenTree tree, RandomSource random, double[] q, int best, int parent = 0)
    {
        double[] rest = [.. q];
        foreach (int token in Enumerable.Range(0, q.Length).OrderByDescending(x => q[x]).Take(best))
        {
            tree.Add(parent, token);
            rest[token] = 0;
        }
        Distribution law = OneStep.Fill(tree.RentLaw(), [.. rest.Select(x => x / rest.Sum())]);
        tree.Add(parent, random.Draw(1, law), law);
    }

    /// <summary>A chain under the root whose laws depend on its own tokens: 'd' is drawn, 'f' is fixed.</summary>
    public static void Chain(TokenTree tree, RandomSource random, ulong seed, string kinds, int vocab = Vocab)
    {
        var path = new List<int>();
        int at = 0;
        foreach (char kind in kinds)
        {
            double[] q = OneStep.Random(vocab, seed, [.. path]);
            Distribution? law = kind == 'd' ? OneStep.Fill(tree.RentLaw(), q) : null;
            int token = law is null ? Array.IndexOf(q, q.Max()) : random.Draw(path.Count + 1, law);
            at = tree.Add(at, token, law);
            path.Add(token);
        }
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
}
