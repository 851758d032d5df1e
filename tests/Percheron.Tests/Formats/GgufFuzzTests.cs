using Percheron.Formats;
using Xunit;

namespace Percheron.Tests.Formats;

public class GgufFuzzTests
{
    private static readonly float[] Row = new float[1 << 20];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Damaged_files_open_or_are_refused(int version)
    {
        RawGguf sample = RawGguf.Sample(version);
        byte[] sound = sample.ToArray();
        using (TemporaryFile file = new(sound)) Touch(file.Path);
        Mutator mutator = new(sound, sample.Fields, sample.Fields[^1].Offset + 8);
        int opened = Fuzzing.Run(0.34, number => mutator.Mutate(number * 3 + version), Touch);
        Assert.InRange(opened, 10, int.MaxValue);
    }

    /// <summary>Reads all metadata, also as what it may not be, and all weights.</summary>
    private static void Touch(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        foreach ((string key, GgufValue value) in file.Metadata)
        {
            Walk(value.ToObject());
            Try(() => file.GetInt32(key));
            Try(() => file.GetStrings(key));
            Try(() => file.GetFloats(key));
            Try(() => file.GetInts(key));
        }
        foreach (TensorInfo tensor in file.Tensors)
        {
            int sum = 0;
            foreach (byte stored in file.Bytes(tensor)) sum += stored;
            Assert.InRange(sum, 0, int.MaxValue);
            if (!BlockCodec.CanDecode(tensor.Type)) Try(() => file.ReadFloats(tensor));
            else for (long row = 0; row < tensor.Rows; row++) file.ReadRow(tensor, row, Row.AsSpan(0, (int)tensor.Columns));
        }
    }

    private static void Walk(object value)
    {
        if (value is GgufValue[] nested) foreach (GgufValue inner in nested) Walk(inner.ToObject());
    }

    private static void Try(Action read)
    {
        try
        {
            read();
        }
        catch (ModelFormatException)
        {
            // Most keys are of another type than the one asked for.
        }
    }
}
