using Percheron.Decoding;
using Percheron.Testing;

namespace Percheron.Tests.Verifiers;

/// <summary>One verification of a drafted tree under every answer of the random source: the law of the next tokens, and how many candidates are accepted on average.</summary>
internal sealed class OneStep(int vocab, Func<int[], double[]> model) : ITarget
{
    private readonly TokenTree _tree = new();
    private readonly Dictionary<int, Distribution> _laws = [];

    public double Accepted { get; private set; }

    public double Mass { get; private set; }

    public TokenTree Tree => _tree;

    /// <summary>Law of the next <paramref name="length"/> tokens, those behind the committed ones drawn by the model itself [vocab^length].</summary>
    public double[] Law(Action<TokenTree, RandomSource> draft, Verifier verifier, int length)
    {
        var law = new double[(int)Math.Pow(vocab, length)];
        var random = new EnumeratingRandom();
        (Accepted, Mass) = (0, 0);
        do
        {
            var sequence = new Sequence([0], new SequenceOptions { Random = random });
            _tree.Reset(0, 0, 64);
            _laws.Clear();
            draft(_tree, random);
            Acceptance acceptance = verifier.Verify(_tree, this, sequence);
            // Another round, with a drafter that has nothing else to say.
            if (!acceptance.HasNext) acceptance = verifier.Verify(_tree, this, sequence);
            var tokens = new List<int>();
            foreach (int node in acceptance.Path) tokens.Add(_tree.Token(node));
            tokens.Add(acceptance.Next);
            Accepted += random.Weight * acceptance.Path.Length;
            Mass += random.Weight;
            Extend(law, tokens, random.Weight, length);
        }
        while (random.Next());
        return law;
    }

    /// <summary>The model's own law of the next <paramref name="length"/> tokens.</summary>
    public double[] Own(int length)
    {
        var law = new double[(int)Math.Pow(vocab, length)];
        Extend(law, [], 1, length);
        return law;
    }

    Distribution ITarget.Law(int node)
    {
        if (_laws.TryGetValue(node, out Distribution? law)) return law;
        var path = new int[_tree.Depth(node)];
        for (int i = path.Length - 1, at = node; i >= 0; i--, at = _tree.Parent(at)) path[i] = _tree.Token(at);
        return _laws[node] = Distribution(model(path));
    }

    // As long as a toy's, and of the node's path alone.
    ReadOnlySpan<float> ITarget.Hidden(int node, int state) =>
        new float[] { _tree.Token(node) + 1, node == 0 ? 0 : _tree.Token(_tree.Parent(node)) + 1, _tree.Depth(node), state };

    public static Distribution Distribution(double[] probabilities) => Fill(new Distribution(), probabilities);

    public static Distribution Fill(Distribution law, double[] probabilities)
    {
        law.Fill(probabilities.Count(p => p > 0), out Span<int> tokens, out Span<float> values);
        int at = 0;
        for (int x = 0; x < probabilities.Length; x++) if (probabilities[x] > 0) (tokens[at], values[at++]) = (x, (float)probabilities[x]);
        return law;
    }

    /// <summary>A law of <paramref name="vocab"/> tokens that depends on seed and context only.</summary>
    public static double[] Random(int vocab, ulong seed, params ReadOnlySpan<int> context)
    {
        ulong at = 0;
        foreach (int x in context) at = (at * 31) + (ulong)x + 1;
        var law = new double[vocab];
        for (int x = 0; x < vocab; x++) law[x] = Math.Pow(Philox.Uniform(seed, at, (ulong)x), 2) + 0.01;
        double sum = law.Sum();
        return [.. law.Select(p => p / sum)];
    }

    private void Extend(double[] law, List<int> tokens, double weight, int length)
    {
        if (tokens.Count >= length)
        {
            int cell = 0;
            for (int i = 0; i < length; i++) cell = (cell * vocab) + tokens[i];
            law[cell] += weight;
            return;
        }
        Distribution next = Distribution(model([.. tokens]));
        double sum = 0;
        foreach (float p in next.Probabilities) sum += p;
        for (int i = 0; i < next.Count; i++) Extend(law, [.. tokens, next.Tokens[i]], weight * next.Probabilities[i] / sum, length);
    }
}
