using Percheron.Formats;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Verifiers;

public class GroupedTests
{
    private static readonly double[] P = [0.3, 0.2, 0.1, 0.4], Q = [0.05, 0.15, 0.7, 0.1];

    // Token 2 lies next to 1 and 3 (equally near: by id), then 0.
    private static readonly TokenVectors Line = new(4, 1, static (token, vector) => vector[0] = token);

    [Theory]
    [InlineData(0.0, GroupRatio.Token, 0.1 / 0.7)]
    [InlineData(0.19, GroupRatio.Token, 0.1 / 0.7)]
    [InlineData(0.2, GroupRatio.Token, 0.3 / 0.7)]
    [InlineData(0.6, GroupRatio.Token, 1)]
    [InlineData(0.2, GroupRatio.Group, 0.3 / 0.85)]
    public void A_token_borrows_from_its_nearest_neighbours(double delta, GroupRatio ratio, double accepted)
    {
        var step = new OneStep(4, _ => P);
        step.Law((tree, _) => tree.Add(0, 2, OneStep.Distribution(Q)), new Grouped(Line, delta + 1e-6, ratio: ratio), 1);
        Assert.Equal(accepted, step.Accepted, 1e-5);
    }

    [Fact]
    public void When_it_is_refused_its_neighbourhood_is_out()
    {
        // Refused with 1 − 0.3/0.7; then tokens 1 and 2 are out, and (0.3, 0.4) − (0.05, 0.1) is left.
        var step = new OneStep(4, _ => P);
        double[] law = step.Law((tree, _) => tree.Add(0, 2, OneStep.Distribution(Q)), new Grouped(Line, 0.2001), 1);
        LawAssert.Equal([(1 - (0.3 / 0.7)) * 0.25 / 0.55, 0, 0.3 / 0.7, (1 - (0.3 / 0.7)) * 0.3 / 0.55], law, 1e-6);
    }

    [Fact]
    public void Neighbours_are_found_by_distance_and_kept()
    {
        int reads = 0;
        float[] places = [0, 10, 4, 5, 100];
        var neighbourhoods = new Neighbourhoods(new TokenVectors(5, 1, (token, vector) => { vector[0] = places[token]; reads++; }), 3);
        Assert.Equal([3, 0, 1], neighbourhoods.Of(2).ToArray());
        int before = reads;
        Assert.Equal([3, 0, 1], neighbourhoods.Of(2).ToArray());
        Assert.Equal(before, reads);
        Assert.Equal([1, 3, 2], neighbourhoods.Of(4).ToArray());
        Assert.Empty(neighbourhoods.Of(5).ToArray());
    }

    [Fact]
    public void Vectors_are_read_from_a_file_with_one_matrix()
    {
        string path = Path.GetTempFileName();
        try
        {
            Write(path, "{\"codebook\":{\"dtype\":\"F32\",\"shape\":[3,2],\"data_offsets\":[0,24]}}", 6);
            TokenVectors vectors = TokenVectors.Open(path);
            var vector = new float[2];
            vectors.Read(2, vector);
            Assert.Equal((3, 2), (vectors.Count, vectors.Width));
            Assert.Equal([4, 5], vector);
            Write(path, "{\"codebook\":{\"dtype\":\"F32\",\"shape\":[6],\"data_offsets\":[0,24]}}", 6);
            Assert.Contains("one matrix", Assert.Throws<ModelFormatException>(() => TokenVectors.Open(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Write(string path, string header, int floats)
    {
        using var writer = new BinaryWriter(File.Create(path));
        header = header.PadRight((header.Length + 7) / 8 * 8);
        writer.Write((long)header.Length);
        writer.Write(System.Text.Encoding.ASCII.GetBytes(header));
        for (int i = 0; i < floats; i++) writer.Write((float)i);
    }
}
