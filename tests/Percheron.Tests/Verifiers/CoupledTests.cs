using Percheron.Decoding;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Verifiers;

public class CoupledTests
{
    private const int Vocab = 4;

    [Fact]
    public void It_is_called_coupled_and_is_the_one_that_shares_noise()
    {
        CatalogEntry entry = Assert.Single(new Catalog().Verifiers, e => e.Type == typeof(Coupled));
        Assert.Equal("coupled", entry.Name);
        Assert.True(new Coupled().SharesNoise && new Coupled().IsLossless);
    }

    [Fact]
    public void The_path_is_what_the_target_would_have_drawn()
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            var noise = new PositionNoise(seed);
            var own = new List<int>();
            for (int i = 0; i < 4; i++) own.Add(noise.Draw(11 + i, OneStep.Distribution(OneStep.Random(Vocab, 9, [.. own]))));
            var target = new OneStep(Vocab, path => OneStep.Random(Vocab, 9, path));
            TokenTree tree = target.Tree;
            tree.Reset(0, 10, 64);
            tree.Add(0, own[0], probe: true);
            for (int x = 0; x < Vocab; x++) tree.Add(0, x);
            int first = tree.FindCandidate(0, own[0]);
            tree.Add(first, (own[1] + 1) % Vocab);
            int second = tree.Add(first, own[1]);
            tree.Add(first, own[1]);                        // a double: the first one counts
            var sequence = new Sequence([0], new SequenceOptions { Random = noise });
            Acceptance acceptance = new Coupled().Verify(tree, target, sequence);
            Assert.Equal([first, second], acceptance.Path.ToArray());
            Assert.Equal(own[2], acceptance.Next);
        }
    }

    [Fact]
    public void Under_fresh_numbers_the_law_is_exact_too()
    {
        var step = new OneStep(Vocab, path => OneStep.Random(Vocab, 4, path));
        double[] law = step.Law((tree, random) => { Distribution q = OneStep.Fill(tree.RentLaw(), OneStep.Random(Vocab, 8)); tree.Add(tree.Add(0, random.Draw(1, q), q), 2); tree.Add(0, 3); }, new Coupled(), 3);
        LawAssert.Equal(step.Own(3), law);
    }
}
