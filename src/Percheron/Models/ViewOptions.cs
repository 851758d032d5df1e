using Percheron.Formats;

namespace Percheron.Models;

/// <summary>How a view differs from its model.</summary>
public sealed record ViewOptions
{
    /// <summary>Layers that run, strictly ascending; null for all.</summary>
    public IReadOnlyList<int>? Layers { get; init; }

    /// <summary>Halves of layers that run, of those in <see cref="Layers"/>; null for all. The caller may switch them later.</summary>
    public LayerSwitches? Switches { get; init; }

    /// <summary>What the matrices of the running layers and of the output are stored as, in a copy of the view's own: Q8_0, Q6_K, Q4_K, Q4_0 or BF16; null shares those of the model.</summary>
    public TensorType? Precision { get; init; }

    /// <summary>Tokens whose logits are computed, strictly ascending, at least one; those of all others are −∞. Null for all. What is computed has the bits that the whole output gives.</summary>
    public IReadOnlyList<int>? Tokens { get; init; }
}
