using Microsoft.ML.OnnxRuntime;

namespace Percheron.Evaluation.Onnx;

/// <summary>A network in an ONNX file, run by ONNX Runtime: the only place that knows it. Not safe for several threads.</summary>
public sealed class OnnxNetwork : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();

    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It cannot be read, or ONNX Runtime is not there for this system.</exception>
    public OnnxNetwork(string path)
    {
        try
        {
            _session = new InferenceSession(path);
        }
        catch (Exception wrong) when (wrong is OnnxRuntimeException or DllNotFoundException or TypeInitializationException)
        {
            throw new InvalidDataException($"ONNX Runtime cannot read '{path}': {(wrong.InnerException ?? wrong).Message}");
        }
        Inputs = [.. _session.InputMetadata.Select(i => (i.Key, i.Value.Dimensions))];
    }

    /// <summary>Names of the inputs with their sizes; −1 is any.</summary>
    public IReadOnlyList<(string Name, int[] Shape)> Inputs { get; }

    /// <summary>Names of the outputs.</summary>
    public IReadOnlyList<string> Outputs => _session.OutputNames;

    /// <summary>Runs it on numbers.</summary>
    /// <param name="values">Of the first input.</param>
    /// <param name="shape">Their sizes.</param>
    /// <param name="output">Which output; the first if there is none of that name.</param>
    public float[] Run(float[] values, long[] shape, string output = "")
    {
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(values, shape);
        return Run([Inputs[0].Name], [input], output);
    }

    /// <summary>Runs it on ids; an input that is called like a mask is given ones.</summary>
    /// <param name="ids">[length], for one sequence.</param>
    /// <param name="output">Which output; the first if there is none of that name.</param>
    public float[] Run(long[] ids, string output = "")
    {
        long[] shape = [1, ids.Length], ones = [.. Enumerable.Repeat(1L, ids.Length)];
        OrtValue[] values = [.. Inputs.Select(i => OrtValue.CreateTensorValueFromMemory(i.Name.Contains("mask", StringComparison.OrdinalIgnoreCase) ? ones : ids, shape))];
        try
        {
            return Run([.. Inputs.Select(i => i.Name)], values, output);
        }
        finally
        {
            foreach (OrtValue value in values) value.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _options.Dispose();
        _session.Dispose();
    }

    private float[] Run(string[] names, OrtValue[] values, string output)
    {
        string wanted = Outputs.Contains(output) ? output : Outputs[0];
        using IDisposableReadOnlyCollection<OrtValue> results = _session.Run(_options, names, values, [wanted]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
