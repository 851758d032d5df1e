using Percheron.Codecs.Networks;
using Percheron.Formats;

namespace Percheron.Evaluation.Tests.Pictures;

/// <summary>A file with small networks whose weights are given by a function, gone when disposed of.</summary>
internal sealed class SmallNetwork : IDisposable
{
    public SmallNetwork(string architecture, Func<string, int, float> weight, Action<GgufWriter> more, params LayerPlan[] plans)
    {
        GgufWriter writer = new();
        writer.Add("general.architecture", architecture);
        writer.Add("general.name", "toy");
        more(writer);
        foreach (LayerPlan plan in plans)
        {
            plan.Write(writer);
            foreach ((string name, int rows, int columns) in plan.Tensors())
                writer.AddTensor(name, TensorType.F32, columns == 0 ? [rows] : [columns, rows], Enumerable.Range(0, rows * Math.Max(1, columns)).Select(i => weight(name, i)).ToArray().AsMemory());
        }
        writer.Write(Path);
    }

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"percheron-network-{Guid.NewGuid():N}.gguf");

    public void Dispose() => File.Delete(Path);
}
