using Percheron.Decoding;

namespace Percheron.Tests.Conformance;

/// <summary>
/// Proposals of forms that no drafter of the catalogue makes, from laws that are a hash of the last tokens: independent chains, two levels of the best tokens and one drawn from
/// the others, draws and fixed tokens mixed.
/// </summary>
internal sealed class ToyProposals(ToyProposals.Form form) : Drafter
{
    internal enum Form
    {
        TwoChains,
        ThreeChains,
        BestAndOne,
        BestAndOneTaggedWhole,
        SharedTaggedAlone,
        Mixed,
    }

    private readonly int[] _two = new int[2];

    protected override void Draft(Sequence sequence, TokenTree tree)
    {
        switch (form)
        {
            case Form.TwoChains or Form.ThreeChains:
                for (int chain = 0; chain < (form == Form.TwoChains ? 2 : 3); chain++)
                    for (int at = 0, depth = 0; depth < 2 && tree.Room > 0; depth++) at = Drawn(sequence, tree, at, Law(sequence, tree, at));
                break;
            case Form.Mixed:
                if (tree.Room > 0) Drawn(sequence, tree, 0, Law(sequence, tree, 0));
                if (tree.Room > 0) tree.Add(0, Best(Law(sequence, tree, 0)));
                if (tree.Room > 0) Drawn(sequence, tree, 1, Law(sequence, tree, 1));
                if (tree.Room > 0) Drawn(sequence, tree, 0, Law(sequence, tree, 0));
                break;
            case Form.SharedTaggedAlone:
                // A mistake: drawn without replacement, and said to be independent.
                int count = sequence.Random.Draw(sequence.Count, Law(sequence, tree, 0), _two);
                for (int i = 0; i < count && tree.Room > 0; i++) tree.Add(0, _two[i], Law(sequence, tree, 0));
                break;
            default:
                BestAndOne(sequence, tree, 0);
                if (tree.Count > 1) BestAndOne(sequence, tree, 1);
                break;
        }
    }

    private void BestAndOne(Sequence sequence, TokenTree tree, int at)
    {
        Distribution whole = Law(sequence, tree, at), rest = tree.RentLaw();
        int best = Best(whole);
        if (tree.Room > 0) tree.Add(at, best);
        if (tree.Room == 0) return;
        rest.Fill(whole.Count - 1, out Span<int> tokens, out Span<float> probabilities);
        for (int i = 0, j = 0; i < whole.Count; i++)
            if (whole.Tokens[i] != best) (tokens[j], probabilities[j++]) = (whole.Tokens[i], whole.Probabilities[i] / (1 - whole[best]));
        int token = sequence.Random.Draw(tree.Position(at) + 1, rest);
        tree.Add(at, token, form == Form.BestAndOneTaggedWhole ? whole : rest);
    }

    private static int Drawn(Sequence sequence, TokenTree tree, int at, Distribution law) => tree.Add(at, sequence.Random.Draw(tree.Position(at) + 1, law), law);

    private static int Best(Distribution law)
    {
        int best = 0;
        for (int i = 1; i < law.Count; i++) if (law.Probabilities[i] > law.Probabilities[best]) best = i;
        return law.Tokens[best];
    }

    private static Distribution Law(Sequence sequence, TokenTree tree, int node)
    {
        Distribution law = tree.RentLaw();
        law.Fill(sequence.Vocab, out Span<int> tokens, out Span<float> probabilities);
        ulong context = (ulong)tree.Token(node) + ((ulong)(node == 0 ? sequence.Tokens[^Math.Min(2, sequence.Count)] : tree.Token(tree.Parent(node))) << 16);
        float sum = 0;
        for (int x = 0; x < tokens.Length; x++)
        {
            float u = (float)Philox.Uniform(77, (ulong)x, context);
            (tokens[x], probabilities[x]) = (x, (u * u) + 0.02f);
            sum += probabilities[x];
        }
        foreach (ref float p in probabilities) p /= sum;
        return law;
    }
}
