using Percheron.Decoding;

namespace Percheron.Cli.Bench;

/// <summary>
/// Lossy by design: accepts a prescribed number of candidates whatever they are, so that a run shows what a system costs apart from how good its draft is. The draft
/// drafts, the target evaluates all rows, and the laws and draws along the accepted path cost what they cost under <c>coupled</c>; only the answer is not looked at.
/// </summary>
/// <remarks>
/// Along the first of the deepest paths. What a step cannot give, because too few candidates were offered, later steps make up for. It is no method of the catalogue: nothing
/// but <c>--synthetic-length</c> reaches it.
/// </remarks>
internal sealed class SyntheticLength : Verifier
{
    private sealed class State
    {
        public double Owed;
    }

    private readonly PerSequence<State> _states = new(_ => new State());
    private readonly double _length;
    private int[] _path = new int[16];

    /// <param name="length">Tokens committed by a step on average, the target's own included; at least 1.</param>
    public SyntheticLength(double length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        _length = length;
    }

    /// <inheritdoc/>
    public override bool IsLossless => false;

    /// <inheritdoc/>
    public override bool SharesNoise => true;

    /// <inheritdoc/>
    public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence)
    {
        State state = _states[sequence];
        state.Owed += _length;
        int end = Deepest(tree), accepted = (int)Math.Clamp(Math.Floor(state.Owed + 1e-9) - 1, 0, tree.Depth(end));
        state.Owed -= accepted + 1;
        if (_path.Length < accepted) Array.Resize(ref _path, Math.Max(accepted, 2 * _path.Length));
        while (tree.Depth(end) > accepted) end = tree.Parent(end);
        for (int i = accepted - 1; i >= 0; i--, end = tree.Parent(end)) _path[i] = end;
        int next = Draw(tree, target, sequence, 0);
        for (int i = 0; i < accepted; i++) next = Draw(tree, target, sequence, _path[i]);
        return new Acceptance(_path.AsSpan(0, accepted), next);
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence) => _states.Release(sequence);

    private static int Draw(TokenTree tree, ITarget target, Sequence sequence, int node) => sequence.Random.Draw(tree.Position(node) + 1, target.Law(node));

    private static int Deepest(TokenTree tree)
    {
        int best = 0;
        for (int node = 1; node < tree.Count; node++)
            if (!tree.IsProbe(node) && tree.Depth(node) > tree.Depth(best)) best = node;
        return best;
    }
}
