using Percheron.Kernels;

namespace Percheron.Models.Architectures;

/// <summary>
/// What a file of one architecture must hold beyond its sizes. Parts that any file may bring (biases, per-head norms, fused projections, rope factors)
/// are taken when they are there; a part named here is an error when it is missing.
/// </summary>
internal sealed record Architecture
{
    /// <summary>Values of <c>general.architecture</c> that mean this; each is also the prefix of its metadata keys.</summary>
    public required string[] Names { get; init; }

    public NormKind Norm { get; init; } = NormKind.RootMeanSquare;

    public FeedForwardKind FeedForward { get; init; } = FeedForwardKind.GatedSilu;

    /// <summary>Null: positions are learned.</summary>
    public RopeLayout? Rope { get; init; }

    /// <summary>Query, key and value projections have a bias.</summary>
    public bool QkvBias { get; init; }

    /// <summary>Attention output and feed-forward projections have a bias.</summary>
    public bool OtherBias { get; init; }

    /// <summary>Each query and key head is normalized by its root mean square.</summary>
    public bool QkNorm { get; init; }

    /// <summary>Rows attend to all rows of their forward and start from given states: an encoder's.</summary>
    public bool Bidirectional { get; init; }

    /// <summary>Layers attend to an encoder's states.</summary>
    public bool Cross { get; init; }

    /// <summary>What the names of its layers begin with.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>A layer may lack the norm before its attention, and its feed-forward half: a head's.</summary>
    public bool Partial { get; init; }

    /// <summary>Layers of a head, as a llama's.</summary>
    public static Architecture Head { get; } = new() { Names = [], Rope = RopeLayout.Adjacent, Partial = true };

    /// <summary>The architectures known, by name.</summary>
    public static IReadOnlyDictionary<string, Architecture> Known { get; } =
        new[] { Llama.Definition, Qwen2.Definition, Qwen3.Definition, Phi3.Definition, Gpt2.Definition }
            .SelectMany(definition => definition.Names, (definition, name) => (name, definition))
            .ToDictionary(pair => pair.name, pair => pair.definition);
}
