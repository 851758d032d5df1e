using Percheron.Decoding;

namespace Percheron.Testing;

/// <summary>
/// The law of the text, without statistics: every random choice of the whole loop is enumerated, and beside it the target's own law is written down by recursion, without
/// any cache, tree or drafter.
/// </summary>
public static class ExactLaw
{
    /// <summary>The target's own law of the next <paramref name="length"/> tokens [vocab^length], all sampling settings applied.</summary>
    public static double[] OfTarget(ToyModel target, ReadOnlySpan<int> prompt, int length, SamplingSettings sampling, ITokenConstraint? constraint = null)
    {
        var law = new double[Cells(target.Vocab, length)];
        var sampler = new Sampler();
        var tree = new TokenTree();
        Fill([.. prompt], 0, 1, 0, constraint?.Start ?? 0);
        return law;

        void Fill(List<int> tokens, int depth, double weight, int cell, int state)
        {
            if (depth == length)
            {
                law[cell] = weight;
                return;
            }
            var logits = new float[target.Vocab];
            target.Logits([.. Enumerable.Reverse(tokens)], logits);
            tree.Reset(tokens[^1], tokens.Count - 1, 0);
            var next = new Distribution();
            sampler.Law(logits, new Sequence([.. tokens], new SequenceOptions { Sampling = sampling, Constraint = constraint is null ? null : new From(constraint, state) }), tree, 0, next);
            double sum = 0;
            foreach (float p in next.Probabilities) sum += p;
            for (int i = 0; i < next.Count; i++)
                Fill([.. tokens, next.Tokens[i]], depth + 1, weight * next.Probabilities[i] / sum, (cell * target.Vocab) + next.Tokens[i], constraint?.Advance(state, next.Tokens[i]) ?? 0);
        }
    }

    /// <summary>The law of the first <paramref name="length"/> tokens a loop writes.</summary>
    /// <param name="decoder">Makes the loop; a new one for every run, so that nothing is carried over.</param>
    /// <param name="prompt">The tokens before.</param>
    /// <param name="length">Number of tokens.</param>
    /// <param name="sampling">Sampling settings.</param>
    /// <param name="maxRuns">Gives up after this number of runs; the mass is then below 1.</param>
    /// <param name="neighbour">Makes another sequence of the batch, with a source of its own, if there is to be one.</param>
    /// <param name="constraint">What the text must look like.</param>
    /// <exception cref="InvalidOperationException">A text is shorter than it should be.</exception>
    public static LoopLaw OfLoop(Func<Decoder> decoder, int[] prompt, int length, SamplingSettings sampling, long maxRuns = 1_000_000, Func<Sequence>? neighbour = null, ITokenConstraint? constraint = null)
    {
        var random = new EnumeratingRandom();
        var options = new SequenceOptions { Sampling = sampling, MaxTokens = length, Random = random, Constraint = constraint };
        double[]? law = null;
        double mass = 0;
        do
        {
            Decoder loop = decoder();
            law ??= new double[Cells(loop.Model.Vocab, length)];
            var sequence = new Sequence(prompt, options);
            if (neighbour is null) loop.Run(sequence);
            else loop.Run(neighbour(), sequence);
            if (sequence.Output.Length != length) throw new InvalidOperationException($"{sequence.Output.Length} tokens were written, not {length}");
            int cell = 0;
            foreach (int token in sequence.Output) cell = (cell * loop.Model.Vocab) + token;
            law[cell] += random.Weight;
            mass += random.Weight;
        }
        while (random.Next() && random.Runs <= maxRuns);
        return new LoopLaw(law, random.Runs, mass);
    }

    private static int Cells(int vocab, int length)
    {
        int cells = 1;
        for (int i = 0; i < length; i++) cells = checked(cells * vocab);
        return cells;
    }

    // The constraint from a state on: the recursion counts what is written so far as prompt.
    private sealed class From(ITokenConstraint inner, int start) : ITokenConstraint
    {
        public int Start => start;

        public int Advance(int state, int token) => inner.Advance(state, token);

        public void Forbid(int state, Span<float> logits) => inner.Forbid(state, logits);
    }
}
