using Percheron.Decoding;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Verifiers;

public class MtadTests
{
    private static readonly double[] P = [0.5, 0.3, 0.15, 0.05];

    [Theory]
    [InlineData(0.24, 2)]    // 0.5 · 0.5
    [InlineData(0.26, 1)]
    public void The_longest_path_whose_joint_ratio_is_large_enough_is_taken(double threshold, int length)
    {
        var step = new OneStep(4, _ => P);
        var sequence = new Sequence([0], new SequenceOptions { Random = new SeededRandom(3) });
        TokenTree tree = step.Tree;
        tree.Reset(0, 0, 64);
        int a = tree.Add(0, 0), b = tree.Add(0, 1), aa = tree.Add(a, 0);
        tree.Add(b, 0);
        int[] path = new Mtad(threshold).Verify(tree, step, sequence).Path.ToArray();
        Assert.Equal(length == 2 ? [a, aa] : [a], path[..length]);
    }

    [Fact]
    public void A_weak_token_is_carried_by_its_neighbours()
    {
        // p/q: 2, then 1/4: together 1/2. Alone the second would be refused in three of four cases.
        double[] first = [0.8, 0.2, 0, 0], second = [0.2, 0.8, 0, 0];
        var step = new OneStep(4, path => path.Length == 0 ? first : second);
        step.Law((tree, _) => { int at = tree.Add(0, 0, OneStep.Distribution([0.4, 0.6, 0, 0])); tree.Add(at, 0, OneStep.Distribution([0.8, 0.2, 0, 0])); }, new Mtad(0.49), 1);
        Assert.Equal(2, step.Accepted, 1e-9);
    }
}
