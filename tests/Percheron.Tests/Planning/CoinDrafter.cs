using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Tests.Planning;

/// <summary>
/// Knows the text to come and drafts a chain of it, one forward of a scripted length for each token; whether a token is the right one is a coin with a rate that may
/// change with the position. Behind a wrong one everything is wrong.
/// </summary>
/// <param name="machine">Where time passes.</param>
/// <param name="truth">The text to come.</param>
/// <param name="rate">By position, how often a token is right.</param>
/// <param name="forwardMs">Of the first forward of a tree.</param>
/// <param name="claim">What is claimed of each token.</param>
/// <param name="model">Says what further levels cost; null where they cost as much.</param>
internal sealed class CoinDrafter(Machine machine, int[] truth, Func<int, double> rate, double forwardMs, float claim = float.NaN, IModel? model = null) : Drafter
{
    public override IModel? Model => model;

    public int Asked { get; private set; }

    /// <summary>Nodes proposed for each position of the root.</summary>
    public Dictionary<int, int> Proposed { get; } = [];

    protected override void Draft(Sequence sequence, TokenTree tree)
    {
        Asked++;
        int at = 0;
        if (!tree.WorthLevel(1, 0, 0) || !(tree.Plan?.WorthReading(this, sequence, 0) ?? true)) return;
        bool right = true;
        for (int depth = 1; tree.Room > 0 && sequence.Count - 1 + depth < truth.Length; depth++)
        {
            machine.Pass(depth == 1 ? forwardMs : forwardMs * (model?.LevelCost ?? 1));
            tree.CountForward();
            if (!tree.WorthRow(tree.ChanceOf(at, claim), tree.Count - 1)) break;
            int position = sequence.Count - 1 + depth;
            right &= Philox.Uniform(5, (ulong)position, (ulong)sequence.Count) < rate(position);
            at = tree.Add(at, right ? truth[position] : (truth[position] + 1) % 12, claim: claim);
            if (!tree.WorthLevel(tree.Chance(at), depth, tree.Count - 1)) break;
        }
        Proposed[sequence.Count] = tree.Count - 1;
    }
}
