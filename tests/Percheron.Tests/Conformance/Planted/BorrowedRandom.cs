using Percheron.Decoding;

namespace Percheron.Tests.Conformance.Planted;

/// <summary>One drawn token for each sequence of a batch; the mistake is to draw all of them from the source of the first.</summary>
internal sealed class BorrowedRandom(bool borrows) : Drafter
{
    public override void Draft(ReadOnlySpan<DraftSlot> batch)
    {
        foreach (DraftSlot slot in batch)
        {
            Distribution law = slot.Tree.RentLaw();
            law.Fill(slot.Sequence.Vocab, out Span<int> tokens, out Span<float> probabilities);
            for (int x = 0; x < tokens.Length; x++) (tokens[x], probabilities[x]) = (x, 1f / tokens.Length);
            slot.Tree.Add(0, (borrows ? batch[0].Sequence : slot.Sequence).Random.Draw(slot.Sequence.Count, law), law);
        }
    }
}
