using Percheron.Decoding;
using Percheron.Tests.Drafters;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Verifiers;

/// <summary>
/// Traversal looks below a candidate before it looks at the next sibling. What stands below one may all the same depend on the token of a later sibling, as it does where levels
/// share a budget: whether anything of a subtree is accepted does not depend on its shape.
/// </summary>
public class TraversalOrderTests
{
    private sealed class Drafts(bool later) : Drafter
    {
        private readonly Sampler _sampler = new();

        protected override void Draft(Sequence sequence, TokenTree tree)
        {
            if (tree.Room < 3) return;
            Distribution law = tree.RentLaw(), below = tree.RentLaw();
            Law([.. sequence.Tokens], law);
            var tokens = new int[2];
            sequence.Random.Draw(tree.RootPosition + 1, law, tokens);
            int first = tree.Add(0, tokens[0], law);
            tree.Add(0, tokens[1], law);
            if ((later ? tokens[1] : tokens[0]) == 0) return;
            Law([.. sequence.Tokens, tokens[0]], below);
            tree.Add(first, sequence.Random.Draw(tree.RootPosition + 2, below), below);
        }

        private void Law(int[] tokens, Distribution law)
        {
            var logits = new float[3];
            ExactLaw.Draft().Logits([.. tokens.Reverse()], logits);
            _sampler.Law(logits, SamplingSettings.Plain, law);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_stands_below_a_candidate_may_depend_on_any_sibling(bool later)
    {
        Assert.InRange(ExactLaw.Distance(() => new Drafts(later), 2), 0, 1e-6);
        Assert.InRange(ExactLaw.Distance(() => new Drafts(later), 2, new Traversal()), 0, 1e-6);
    }
}
