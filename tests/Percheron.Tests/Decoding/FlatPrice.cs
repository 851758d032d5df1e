using Percheron.Decoding;

namespace Percheron.Tests.Decoding;

/// <summary>Believes what is claimed, half where nothing is, and asks one price for every row.</summary>
internal sealed class FlatPrice(float price) : TreePlan
{
    public override float Chance(Drafter author, float claim, bool drawn, int depth, int rank) => float.IsNaN(claim) ? 0.5f : claim;

    public override bool WorthRow(Drafter author, float chance, int nodes) => chance >= price;

    public override bool WorthLevel(Drafter author, float chance, int depth, int nodes) => chance >= price;

    public override bool WorthReading(Drafter author, Sequence sequence, int rows) => true;

    public override float Gain(TokenTree tree) => tree.Expected - (price * (tree.Count - 1));

    public override float Gain(Drafter author) => 0;
}
