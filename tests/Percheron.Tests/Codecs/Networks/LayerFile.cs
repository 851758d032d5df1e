using Percheron.Codecs.Networks;
using Percheron.Formats;

namespace Percheron.Tests.Codecs.Networks;

/// <summary>Files with small networks of known or random weights.</summary>
internal static class LayerFile
{
    /// <summary>A file in memory that holds a network with random weights.</summary>
    public static GgufFile Of(LayerShape input, params string[] layers) => Of(writer => { }, ("net", input, layers));

    /// <summary>A file in memory that holds these networks with random weights.</summary>
    public static GgufFile Of(Action<GgufWriter> more, params (string Name, LayerShape Input, string[] Layers)[] nets)
    {
        var writer = new GgufWriter();
        var random = new Random(3);
        foreach ((string name, LayerShape input, string[] layers) in nets)
        {
            var plan = new LayerPlan(name, input, layers);
            plan.Write(writer);
            foreach ((string tensor, int rows, int columns) in plan.Tensors()) writer.AddTensor(tensor, TensorType.F32, columns == 0 ? [rows] : [columns, rows], Values(random, rows * Math.Max(1, columns)));
        }
        more(writer);
        return GgufFile.InMemory("test", writer);
    }

    /// <summary>Numbers between −1 and 1.</summary>
    public static float[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
}
