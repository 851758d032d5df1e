using Percheron.Decoding;
using Percheron.Testing;
using Percheron.Tests.Verifiers;
using Xunit;

namespace Percheron.Tests.Conformance;

public class EnumeratingRandomTests
{
    [Fact]
    public void Every_answer_is_given_once_with_its_weight()
    {
        var random = new EnumeratingRandom();
        var seen = new List<(bool, int, double)>();
        do
        {
            bool accepted = random.Accept(0.25);
            int picked = accepted ? -1 : random.Pick([1, 0, 3]);
            seen.Add((accepted, picked, random.Weight));
        }
        while (random.Next());
        Assert.Equal([(true, -1, 0.25), (false, 0, 0.75 * 0.25), (false, 2, 0.75 * 0.75)], seen);
        Assert.Equal(3, random.Runs);
    }

    [Fact]
    public void Certain_answers_are_no_choice()
    {
        var random = new EnumeratingRandom();
        Assert.True(random.Accept(1.5));
        Assert.False(random.Accept(-1));
        Assert.Equal(1, random.Pick([0, 2]));
        Assert.False(random.Next());
    }

    [Fact]
    public void Draws_without_replacement_have_the_law_of_drawing_one_by_one()
    {
        var random = new EnumeratingRandom();
        Distribution law = OneStep.Distribution([0.5, 0.3, 0.2]);
        var seen = new Dictionary<(int, int), double>();
        Span<int> tokens = stackalloc int[2];
        do
        {
            Assert.Equal(2, random.Draw(0, law, tokens));
            seen[(tokens[0], tokens[1])] = random.Weight;
        }
        while (random.Next());
        Assert.Equal(6, seen.Count);
        Assert.Equal(0.5 * 0.3 / 0.5, seen[(0, 1)], 1e-7);
        Assert.Equal(0.2 * 0.5 / 0.8, seen[(2, 0)], 1e-7);
        Assert.Equal(1, seen.Values.Sum(), 1e-9);
    }

    [Fact]
    public void A_program_that_carries_something_over_is_found_out()
    {
        var random = new EnumeratingRandom();
        random.Pick([1, 1]);
        random.Next();
        Assert.Throws<InvalidOperationException>(() => random.Pick([1, 1, 1]));
        Assert.Throws<ArgumentException>(() => new EnumeratingRandom().Pick([0, 0]));
        Assert.Throws<ArgumentException>(() => new EnumeratingRandom().Accept(double.NaN));
    }
}
