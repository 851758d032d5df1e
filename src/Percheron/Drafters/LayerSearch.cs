using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>
/// Looks for the halves of layers a model can do without: proposes a set, is told how well it and the best one so far do, and keeps the better. Proposals are random sets and the best
/// set with one half exchanged, in turn; the first and the last layer stay.
/// </summary>
/// <remarks>Draft &amp; Verify and SWIFT propose by Bayesian optimisation; exchanges need no model of the scores. The numbers come from a generator of its own, so the search is the same every time.</remarks>
internal sealed class LayerSearch
{
    private const ulong Seed = 0x5357494654;

    private readonly int _skipped;
    private readonly int[] _order;
    private ulong _drawn;

    /// <param name="layers">Layers of the model.</param>
    /// <param name="share">Share of the halves between the first and the last layer that are left out.</param>
    public LayerSearch(int layers, double share)
    {
        if (!(share is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(share), "the share of layers that are left out is 0 to 1");
        (Best, Candidate) = (new LayerSwitches(layers), new LayerSwitches(layers));
        _order = new int[Math.Max(0, 2 * (layers - 2))];
        for (int i = 0; i < _order.Length; i++) _order[i] = i + 2;
        _skipped = (int)Math.Round(share * _order.Length);
        // To begin with, evenly spread.
        for (int i = 0; i < _order.Length; i++) Best[_order[i]] = (i + 1) * _skipped / _order.Length == i * _skipped / _order.Length;
    }

    /// <summary>The best set so far.</summary>
    public LayerSwitches Best { get; }

    /// <summary>The set that was proposed last.</summary>
    public LayerSwitches Candidate { get; }

    /// <summary>Sets judged so far, and how many of them since the last that was better.</summary>
    public int Tried { get; private set; }

    /// <summary>As <see cref="Tried"/>, since the last better one.</summary>
    public int Idle { get; private set; }

    /// <summary>Whether there is anything to choose.</summary>
    public bool HasChoice => _skipped > 0 && _skipped < _order.Length;

    /// <summary>Sets <see cref="Candidate"/>.</summary>
    public void Propose()
    {
        Candidate.CopyFrom(Best);
        if (Tried % 2 == 0) Exchange();
        else Shuffle();
    }

    /// <summary>Takes the candidate over if it does better.</summary>
    public void Compare(double best, double candidate)
    {
        Tried++;
        Idle = candidate > best ? 0 : Idle + 1;
        if (candidate > best) Best.CopyFrom(Candidate);
    }

    private void Exchange()
    {
        int off = Pick(running: false), on = Pick(running: true);
        (Candidate[off], Candidate[on]) = (true, false);
    }

    private void Shuffle()
    {
        for (int i = 0; i < _order.Length; i++)
        {
            int other = i + Below(_order.Length - i);
            (_order[i], _order[other]) = (_order[other], _order[i]);
            Candidate[_order[i]] = i >= _skipped;
        }
    }

    private int Pick(bool running)
    {
        int left = Below(running ? _order.Length - _skipped : _skipped);
        foreach (int half in _order)
            if (Candidate[half] == running && left-- == 0) return half;
        throw new InvalidOperationException("there is nothing to exchange");
    }

    private int Below(int count) => (int)(Philox.Bits(Seed, _drawn++, 0) % (ulong)count);
}
