using Percheron.Decoding;
using Percheron.Testing;
using Percheron.Verifiers;

namespace Percheron.Tests.Drafters;

/// <summary>The exact law of the first tokens of the whole loop under speculative sampling, by enumeration, against the target's own.</summary>
internal static class ExactLaw
{
    private const int Vocab = 3;

    private static readonly int[] s_prompt = [1, 2, 0, 1];

    public static ToyModel Target() => new(Vocab, order: 2, seed: 3, sharpness: 3);

    public static ToyModel Draft(float noise = 2) => new(Vocab, order: 2, seed: 3, sharpness: 3) { Noise = noise };

    /// <summary>Largest difference between the two laws over all outcomes.</summary>
    public static double Distance(Func<Drafter> make, int length = 3, Verifier? verifier = null)
    {
        var random = new EnumeratingRandom();
        double[] law = new double[(int)Math.Pow(Vocab, length)];
        do
        {
            var options = new SequenceOptions { MaxTokens = length, Sampling = SamplingSettings.Plain, Random = random };
            var sequence = new Sequence(s_prompt, options);
            new Decoder(Target(), make(), verifier ?? new SpeculativeSampling()).Run(sequence);
            int cell = 0;
            foreach (int token in sequence.Output) cell = (cell * Vocab) + token;
            law[cell] += random.Weight;
        }
        while (random.Next());
        double worst = 0;
        Fill([.. s_prompt], 0, 1, 0);
        return worst;

        void Fill(List<int> text, int depth, double weight, int cell)
        {
            if (depth == length)
            {
                worst = Math.Max(worst, Math.Abs(law[cell] - weight));
                return;
            }
            float[] logits = new float[Vocab];
            int[] newest = [.. Enumerable.Reverse(text)];
            Target().Logits(newest, logits);
            var p = new Distribution();
            new Sampler().Law(logits, SamplingSettings.Plain, p);
            for (int x = 0; x < Vocab; x++)
            {
                text.Add(x);
                Fill(text, depth + 1, weight * p[x], (cell * Vocab) + x);
                text.RemoveAt(text.Count - 1);
            }
        }
    }
}
