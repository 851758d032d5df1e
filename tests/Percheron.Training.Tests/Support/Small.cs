using Percheron.Training.Corpus;
using Percheron.Training.Nets;
using Percheron.Training.Tokens;

namespace Percheron.Training.Tests.Support;

/// <summary>A network, documents and a vocabulary small enough to train in a test.</summary>
internal static class Small
{
    /// <summary>Two layers, 4 heads on 2 key heads, context 32.</summary>
    public static LlamaShape Shape { get; } = new(Vocab: 300, Context: 32, Width: 64, Layers: 2, FeedForward: 96, Heads: 4, KeyHeads: 2, HeadSize: 16);

    /// <summary>Forty documents about members that do not exist.</summary>
    public static IReadOnlyList<Document> Documents { get; } =
        [.. Enumerable.Range(0, 40).Select(i => new Document($"M:Acme.Tool{i}.Open(System.Int32)", $"M:Acme.Tool{i}.Open(System.Int32)\n/// <summary>Opens tool number {i} of {i * i}.</summary>\n"))];

    /// <summary>A vocabulary of <see cref="Shape"/>'s size, learned from <see cref="Documents"/>.</summary>
    public static BpeVocabulary Vocabulary() => BpeTrainer.Train(Documents.Select(document => document.Text), Shape.Vocab);
}
