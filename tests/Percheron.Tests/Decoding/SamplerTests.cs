using Percheron.Decoding;
using Xunit;

namespace Percheron.Tests.Decoding;

public class SamplerTests
{
    private static Distribution Law(float[] logits, SamplingSettings settings, params int[] tokens)
    {
        var sequence = new Sequence(tokens.Length > 0 ? tokens : [0], new SequenceOptions { Sampling = settings });
        var tree = new TokenTree();
        tree.Reset(sequence.Tokens[^1], sequence.Count - 1, 8);
        var law = new Distribution();
        new Sampler().Law(logits, sequence, tree, 0, law);
        return law;
    }

    [Fact]
    public void Temperature_zero_takes_the_lowest_of_equal_maxima() =>
        Assert.Equal([2], Law([0, 1, 3, 3, 2], SamplingSettings.Greedy).Tokens.ToArray());

    [Fact]
    public void The_plain_law_is_softmax()
    {
        float[] logits = [1, -2, .5f, 3, 0];
        Distribution law = Law(logits, SamplingSettings.Plain);
        double z = logits.Sum(l => Math.Exp(l));
        for (int i = 0; i < logits.Length; i++) Assert.Equal(Math.Exp(logits[i]) / z, law[i], 1e-6);
        Assert.Equal([0, 1, 2, 3, 4], law.Tokens.ToArray());
    }

    [Fact]
    public void Top_k_cuts_ties_by_id_and_lists_tokens_ascending()
    {
        Distribution law = Law([5, 1, 5, 1, 1, 7], SamplingSettings.Plain with { TopK = 4 });
        Assert.Equal([0, 1, 2, 5], law.Tokens.ToArray());
        Assert.Equal(1, law.Probabilities.ToArray().Sum(), 1e-6);
    }

    [Fact]
    public void Top_p_keeps_the_fewest_that_reach_it()
    {
        // Probabilities .5, .25, .125, .125; the tie at the end goes to the lower id.
        float[] logits = [MathF.Log(.125f), MathF.Log(.5f), MathF.Log(.125f), MathF.Log(.25f)];
        Assert.Equal([1, 3], Law(logits, SamplingSettings.Plain with { TopP = .7f }).Tokens.ToArray());
        Assert.Equal([0, 1, 3], Law(logits, SamplingSettings.Plain with { TopP = .8f }).Tokens.ToArray());
        Assert.Equal([1], Law(logits, SamplingSettings.Plain with { TopP = .01f }).Tokens.ToArray());
    }

    [Fact]
    public void Min_p_is_relative_to_the_most_probable() =>
        Assert.Equal([1, 3], Law([MathF.Log(.1f), MathF.Log(.5f), MathF.Log(.1f), MathF.Log(.3f)], SamplingSettings.Plain with { MinP = .4f }).Tokens.ToArray());

    [Fact]
    public void Cuts_come_before_temperature()
    {
        // At temperature 1 top-p .7 keeps two tokens; a high temperature afterwards only flattens those two.
        float[] logits = [MathF.Log(.5f), MathF.Log(.3f), MathF.Log(.2f)];
        Distribution law = Law(logits, SamplingSettings.Plain with { TopP = .7f, Temperature = 100 });
        Assert.Equal([0, 1], law.Tokens.ToArray());
        Assert.Equal(.5, law[0], .01);
    }

    [Fact]
    public void Penalties_see_the_window_once_for_each_token()
    {
        SamplingSettings settings = SamplingSettings.Plain with { RepeatPenalty = 2, FrequencyPenalty = .25f, PresencePenalty = .5f, PenaltyWindow = 3 };
        Distribution law = Law([2, -1, 2, 2], settings, 3, 0, 0, 1);
        // Token 3 lies outside the window; 0 occurs twice, 1 once: 2/2 - .5 - .5 = 0 and -1*2 - .25 - .5 = -2.75.
        double[] expected = [0, -2.75, 2, 2];
        double z = expected.Sum(Math.Exp);
        for (int i = 0; i < 4; i++) Assert.Equal(Math.Exp(expected[i]) / z, law[i], 1e-6);
    }

    [Fact]
    public void Penalties_see_the_path_of_the_node()
    {
        var sequence = new Sequence([0], new SequenceOptions { Sampling = SamplingSettings.Plain with { PresencePenalty = 1 } });
        var tree = new TokenTree();
        tree.Reset(0, 0, 4);
        int a = tree.Add(0, 1);
        int b = tree.Add(a, 2);
        tree.Add(0, 3);
        var law = new Distribution();
        var sampler = new Sampler();
        for (int repeat = 0; repeat < 2; repeat++)        // counters are clean again
        {
            sampler.Law([0, 0, 0, 0], sequence, tree, b, law);
            double z = (3 * Math.Exp(-1)) + 1;
            Assert.Equal(1 / z, law[3], 1e-6);
            Assert.Equal(Math.Exp(-1) / z, law[2], 1e-6);
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.5f)]
    public void The_top_tokens_are_those_of_the_uncut_law(float temperature)
    {
        float[] logits = [1, -2, .5f, 3, 0, 3, float.NegativeInfinity];
        SamplingSettings settings = new() { Temperature = temperature, TopK = 1, LogitBias = [new(0, 5)], PresencePenalty = 4, PenaltyWindow = 8 };
        var sequence = new Sequence([3], new SequenceOptions { Sampling = settings });
        var tree = new TokenTree();
        tree.Reset(3, 0, 8);
        (int[] tokens, float[] probabilities) = (new int[3], new float[3]);
        Assert.Equal(3, new Sampler().Top(logits, sequence, tree, 0, tokens, probabilities, coldest: 0.5f));
        Assert.Equal([0, 5, 2], tokens);
        double[] weights = [.. new double[] { 6, -2, .5, -1, 0, 3 }.Select(l => Math.Exp(l / 0.5))];
        for (int i = 0; i < 3; i++) Assert.Equal(weights[tokens[i]] / weights.Sum(), probabilities[i], 1e-6);
        (tokens, probabilities) = (new int[9], new float[9]);
        Assert.Equal(6, new Sampler().Top(logits, sequence, tree, 0, tokens, probabilities, coldest: 0.5f));
    }

    [Fact]
    public void A_bias_forbids_and_favours()
    {
        SamplingSettings settings = SamplingSettings.Plain with { LogitBias = [new(0, float.NegativeInfinity), new(2, 3), new(99, 1)] };
        Distribution law = Law([9, 0, 0], settings);
        Assert.Equal([1, 2], law.Tokens.ToArray());
        Assert.Equal(Math.Exp(3) / (Math.Exp(3) + 1), law[2], 1e-6);
    }

    [Fact]
    public void Broken_logits_are_an_error_not_a_token()
    {
        Assert.Throws<InvalidOperationException>(() => Law([float.NaN, float.NaN], SamplingSettings.Plain));
        Assert.Throws<InvalidOperationException>(() => Law([float.NegativeInfinity], SamplingSettings.Greedy));
        Assert.Throws<InvalidOperationException>(() => Law([0, float.PositiveInfinity], SamplingSettings.Greedy));
        Assert.Equal([1], Law([float.NaN, 1], SamplingSettings.Greedy).Tokens.ToArray());
    }

    [Fact]
    public void Selection_agrees_with_sorting()
    {
        var random = new Random(1);
        for (int round = 0; round < 200; round++)
        {
            float[] logits = [.. Enumerable.Range(0, 60).Select(_ => (float)random.Next(0, 12))];
            int k = random.Next(2, 60);
            int[] expected = [.. logits.Select((l, i) => (l, i)).OrderByDescending(x => x.l).ThenBy(x => x.i).Take(k).Select(x => x.i).Order()];
            Assert.Equal(expected, Law(logits, SamplingSettings.Plain with { TopK = k }).Tokens.ToArray());
        }
    }

    // The law as it is defined: everything sorted, cut from the end.
    private static (int Token, double Probability)[] Defined(float[] logits, SamplingSettings s)
    {
        (int Id, float Key)[] kept = [.. logits.Select((l, i) => (Id: i, Key: l)).Where(x => x.Key > float.NegativeInfinity).OrderByDescending(x => x.Key).ThenBy(x => x.Id)];
        if (s.TopK > 0) kept = [.. kept.Take(s.TopK)];
        float max = kept[0].Key;
        double total = kept.Sum(x => Math.Exp(x.Key - max)), sum = 0;
        int reach = kept.TakeWhile(x => s.TopP == 1 || (sum += Math.Exp(x.Key - max)) < s.TopP * total).Count() + 1;
        kept = [.. kept.Take(reach).Where(x => Math.Exp(x.Key - max) >= s.MinP)];
        double z = kept.Sum(x => Math.Exp((x.Key - max) / s.Temperature));
        return [.. kept.OrderBy(x => x.Id).Select(x => (x.Id, Math.Exp((x.Key - max) / s.Temperature) / z))];
    }

    [Theory]
    [InlineData(0, .95f, .05f)]
    [InlineData(0, .9f, 0f)]
    [InlineData(0, 1f, .01f)]
    [InlineData(0, 1f, 0f)]
    [InlineData(0, .999999f, 0f)]
    [InlineData(40, .95f, .05f)]
    [InlineData(3, 1f, 0f)]
    [InlineData(500, .8f, 0f)]
    public void A_large_vocabulary_is_cut_as_a_small_one_is(int topK, float topP, float minP)
    {
        SamplingSettings settings = new() { Temperature = .7f, TopK = topK, TopP = topP, MinP = minP };
        foreach (int vocab in new[] { 100, 1500, 9001 })
            foreach (float spread in new[] { 0f, .01f, 2f, 12f })
            {
                // Ties, impossible tokens and values that are no numbers among them.
                var random = new Random(vocab);
                float[] logits = [.. Enumerable.Range(0, vocab).Select(_ => spread * MathF.Round((float)random.NextDouble() + (float)random.NextDouble() * (float)random.NextDouble(), 3))];
                for (int i = 7; i < vocab; i += 50) logits[i] = i % 100 == 7 ? float.NaN : float.NegativeInfinity;
                (int Token, double Probability)[] expected = Defined(logits, settings);
                Distribution law = Law(logits, settings);
                Assert.Equal(expected.Select(e => e.Token), law.Tokens.ToArray());
                for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i].Probability, law.Probabilities[i], 2e-6 * expected[i].Probability);
            }
    }

    [Fact]
    public void Laws_over_all_tokens_and_over_few_take_turns()
    {
        var law = new Distribution();
        var sampler = new Sampler();
        foreach ((int vocab, bool forbid) in new[] { (5, false), (3, true), (9, false), (4, false), (9, true), (9, false) })
        {
            float[] logits = new float[vocab];
            if (forbid) logits[1] = float.NegativeInfinity;
            sampler.Law(logits, SamplingSettings.Plain, law);
            Assert.Equal(Enumerable.Range(0, vocab).Where(t => !(forbid && t == 1)), law.Tokens.ToArray());
            Assert.All(law.Probabilities.ToArray(), p => Assert.Equal(1.0 / law.Count, p, 1e-7));
            law.SetPoint(7);
        }
    }

    [Theory]
    [InlineData(-1f, 40, .9f)]
    [InlineData(float.NaN, 40, .9f)]
    [InlineData(1f, -1, .9f)]
    [InlineData(1f, 40, 0f)]
    [InlineData(1f, 40, 1.5f)]
    public void Settings_out_of_range_are_refused(float temperature, int topK, float topP) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sequence([1], new SequenceOptions { Sampling = new() { Temperature = temperature, TopK = topK, TopP = topP } }));
}
