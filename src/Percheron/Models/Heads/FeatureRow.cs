namespace Percheron.Models.Heads;

/// <summary>A row that is about to enter a head's layers.</summary>
internal readonly struct FeatureRow
{
    /// <summary>Its cache.</summary>
    public required FeatureCache Cache { get; init; }

    /// <summary>Its scratch row there.</summary>
    public required int Scratch { get; init; }

    /// <summary>Its token.</summary>
    public required int Token { get; init; }

    /// <summary>Whether it goes on with a state of the head's own, because the target's is not known.</summary>
    public bool GoesOn => Told.IsEmpty && !Own.IsEmpty;

    /// <summary>Writes what it reads: the target's states before it, the head's own one, or zeros where there is neither.</summary>
    public void ReadState(Span<float> target)
    {
        ReadOnlySpan<float> state = Told.IsEmpty ? Own : Told;
        if (state.IsEmpty) target.Clear();
        else state.CopyTo(target);
    }

    private ReadOnlySpan<float> Told => Cache.State(Cache.Position(Scratch) - 1);

    private ReadOnlySpan<float> Own => Cache.Parent(Scratch) is >= 0 and var parent ? Cache.Own(parent) : [];
}
