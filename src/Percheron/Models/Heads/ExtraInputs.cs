namespace Percheron.Models.Heads;

/// <summary>Learned inputs that a target has beside its tokens: look-ahead or mask tokens (<see cref="Rows.AddExtra"/>).</summary>
/// <param name="First">The first extra embedding of these.</param>
/// <param name="Count">How many there are, one behind the other: the k-th stands k places behind a token it is asked about.</param>
public sealed record ExtraInputs(int First, int Count)
{
    private const int Most = 32;

    /// <summary>Reads <c>extra.weight</c> [count, hidden] and gives it to the target.</summary>
    /// <exception cref="Formats.ModelFormatException">It is missing or of another shape.</exception>
    internal static object Load(HeadTensors tensors, Kernels.ThreadTeam team)
    {
        int count = tensors.Rows("extra.weight");
        if (count is < 1 or > Most) throw tensors.Fault("extra.weight", $"tensor 'extra.weight' has {count} rows; 1 to {Most} learned inputs are known");
        return tensors.Target.AddExtraEmbeddings(tensors.Vector("extra.weight", count * tensors.Target.HiddenSize).Values);
    }
}
