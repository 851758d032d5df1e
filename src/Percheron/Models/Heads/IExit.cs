namespace Percheron.Models.Heads;

/// <summary>
/// What stands at an early exit of a target: it answers from the hidden states that leave the first layers, given by <see cref="Rows.AddHidden"/> at layer 0, one row for each position, over
/// caches of its own.
/// </summary>
public interface IExit : IModel
{
    /// <summary>Layers of the target that run before it: it reads state <see cref="Layer"/> (see <see cref="FeatureSet"/>).</summary>
    int Layer { get; }

    /// <summary>Floats of that state; the target's <see cref="IModel.HiddenSize"/>.</summary>
    int StateSize { get; }
}
