namespace Percheron.Benchmarks.RandomModels;

/// <summary>Sizes of a model that is measured and never read: real shapes, so that a product costs what it costs in a real model.</summary>
/// <param name="Name">What <c>--shape</c> calls it.</param>
/// <param name="Architecture">llama, or qwen2, whose query, key and value have biases.</param>
/// <param name="Width">Values of a hidden state.</param>
/// <param name="Layers">How many.</param>
/// <param name="Heads">Query heads.</param>
/// <param name="KeyHeads">Key and value heads.</param>
/// <param name="FeedForward">Neurons of a feed-forward layer.</param>
/// <param name="Vocab">Tokens.</param>
/// <param name="TiedHead">Whether the embedding is the output matrix too.</param>
internal sealed record ModelShape(string Name, string Architecture, int Width, int Layers, int Heads, int KeyHeads, int FeedForward, int Vocab, bool TiedHead)
{
    /// <summary>B, C and D of the measurements, and a draft with D's vocabulary.</summary>
    public static IReadOnlyList<ModelShape> Known { get; } =
    [
        new("B", "llama", 768, 12, 12, 12, 2048, 32_000, TiedHead: true),
        new("C", "qwen2", 896, 24, 14, 2, 4864, 151_936, TiedHead: true),
        new("D", "llama", 2048, 22, 32, 4, 5632, 32_000, TiedHead: false),
        new("draft15", "llama", 288, 6, 6, 6, 768, 32_000, TiedHead: true),
    ];

    /// <summary>Rows of the key and of the value projection.</summary>
    public int KeyWidth => Width / Heads * KeyHeads;
}
