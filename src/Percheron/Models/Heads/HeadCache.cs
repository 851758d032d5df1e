namespace Percheron.Models.Heads;

/// <summary>The cache of a head: besides rows, what it was told of the target's hidden states. Derived classes keep what the head remembers of its rows.</summary>
/// <param name="stateFloats">Floats told of one position: the states of <see cref="IHead.Reads"/>, ascending, one behind the other.</param>
public abstract class HeadCache(int stateFloats) : KvCache
{
    private float[] _told = new float[Math.Max(stateFloats, 1) * 16];
    private int _first;

    /// <summary>Position behind the last that was told.</summary>
    public int Told { get; private set; }

    /// <summary>Floats told of one position.</summary>
    public int StateFloats { get; } = stateFloats;

    /// <summary>Bytes that the told states take.</summary>
    protected long ToldBytes => (long)_told.Length * sizeof(float);

    /// <summary>
    /// Where to write the target's states at a position [<see cref="StateFloats"/>]; what was told of later ones is forgotten, because they belong to another text. Positions are told in
    /// order; after a gap what was told before it is forgotten too.
    /// </summary>
    public Span<float> Tell(int position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        if (position > Told || position < _first) _first = position;
        Told = position;
        ForgetRead();
        Told++;
        int need = (Told - _first) * StateFloats;
        if (_told.Length < need) Array.Resize(ref _told, Math.Max(need, 2 * _told.Length));
        return _told.AsSpan(need - StateFloats, StateFloats);
    }

    /// <summary>What was told of a position [<see cref="StateFloats"/>], good until the next <see cref="Tell"/>; empty if nothing is known of it.</summary>
    public ReadOnlySpan<float> State(int position) =>
        position >= _first && position < Told ? _told.AsSpan((position - _first) * StateFloats, StateFloats) : [];

    /// <summary>Forgets what was told of a position and of all later ones: they belong to another text.</summary>
    public void Forget(int position)
    {
        Told = Math.Min(Told, position);
        _first = Math.Min(_first, Told);
    }

    /// <inheritdoc/>
    public override void Truncate(int length)
    {
        base.Truncate(length);
        Forget(length);
    }

    /// <inheritdoc/>
    public override KvCache NewOverlay() => throw new NotSupportedException("a head has no views");

    /// <inheritdoc/>
    protected override void CopyRows(KvCache other, int length) => throw new NotSupportedException("a head reads every text itself: it has to be told its states");

    // The next row needs the state before it; moved in large steps, so that it costs next to nothing.
    private void ForgetRead()
    {
        int needless = Math.Min(Length - 1, Told) - _first;
        if (needless < 256) return;
        _told.AsSpan(needless * StateFloats, (Told - _first - needless) * StateFloats).CopyTo(_told);
        _first += needless;
    }
}
