using Percheron.Formats;

namespace Percheron.Tests.Models.Heads;

/// <summary>Describes a small head with random weights for a <see cref="TinyModel"/> and writes it as a GGUF file.</summary>
internal sealed record TinyHead(string Architecture)
{
    public int Hidden { get; init; } = 256;

    public int Vocab { get; init; } = 96;

    public TensorType Type { get; init; } = TensorType.F32;

    public int Seed { get; init; } = 5;

    /// <summary>States of the target that are read; none leaves the key out.</summary>
    public int[] States { get; init; } = [];

    /// <summary>Whole numbers beyond the sizes; keys without the architecture's prefix.</summary>
    public (string Key, int Value)[] Numbers { get; init; } = [];

    /// <summary>Other metadata; keys without the architecture's prefix.</summary>
    public (string Key, GgufValue Value)[] Metadata { get; init; } = [];

    /// <summary>Matrices, outputs before inputs, and vectors with one size; names are whole.</summary>
    public (string Name, int[] Shape)[] Tensors { get; init; } = [];

    /// <summary>Writes the head to a temporary file, which the result deletes.</summary>
    public TinyFile Build()
    {
        GgufWriter writer = new();
        writer.Add("general.architecture", Architecture);
        writer.Add($"{Architecture}.embedding_length", (uint)Hidden);
        writer.Add($"{Architecture}.vocab_size", (uint)Vocab);
        if (States.Length > 0) writer.Add($"{Architecture}.states", States);
        foreach ((string key, int value) in Numbers) writer.Add($"{Architecture}.{key}", (uint)value);
        foreach ((string key, GgufValue value) in Metadata) writer.Add($"{Architecture}.{key}", value);
        Random random = new(Seed);
        foreach ((string name, int[] shape) in Tensors)
        {
            if (shape.Length > 1) writer.AddTensor(name, Type, [shape[1], shape[0]], RandomBlocks.Create(Type, shape[1], shape[0], 1 / Math.Sqrt(shape[1]), random).AsMemory());
            else writer.AddTensor(name, TensorType.F32, [shape[0]], Enumerable.Range(0, shape[0]).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray().AsMemory());
        }
        return TinyFile.Write(writer);
    }
}
