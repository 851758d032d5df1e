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

    // 0.1 of its own, so at most 0.2 or 0.1 more: the 0.2 of token 1, or nothing.
    [Theory]
    [InlineData(3, 0.3 / 0.7)]
    [InlineData(2, 0.1 / 0.7)]
    [InlineData(7.1, 1)]
    public void Or_no_more_than_in_proportion_to_its_own_probability(double lambda, double accepted)
    {
        var step = new OneStep(4, _ => P);
        step.Law((tree, _) => tree.Add(0, 2, OneStep.Distribution(Q)), new Grouped(Line, delta: 1, lambda: lambda + 1e-6), 1);
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
    public void Only_tokens_of_one_book_are_neighbours()
    {
        // Two books of three, from id 10 on.
        float[] places = [0, 1, 5, 0, 1, 5];
        var vectors = new TokenVectors(6, 1, (index, vector) => vector[0] = places[index]) { First = 10, Book = 3 };
        var neighbourhoods = new Neighbourhoods(vectors, 1000);
        Assert.Equal([11, 12], neighbourhoods.Of(10).ToArray());
        Assert.Equal([14, 13], neighbourhoods.Of(15).ToArray());
        Assert.Empty(neighbourhoods.Of(9).ToArray());
        Assert.Empty(neighbourhoods.Of(16).ToArray());
        Assert.Equal((4, double.PositiveInfinity), (neighbourhoods.Between(14, 15), neighbourhoods.Between(12, 13)));
        // 1, 1 and 4 in each book.
        Assert.Equal(2, neighbourhoods.Unit);
    }

    [Fact]
    public void Books_of_a_codec_are_read_from_its_file()
    {
        string path = Path.GetTempFileName();
        try
        {
            var writer = new GgufWriter();
            writer.Add("general.architecture", "some-codec");
            // Two books of three codes, and in the model a fourth id for no code.
            writer.AddTensor("codebooks", TensorType.F32, [2, 3, 2], Enumerable.Range(0, 12).Select(i => (float)i).ToArray().AsMemory());
            writer.Write(path);
            TokenVectors vectors = TokenVectors.Open(path, 10, 4);
            var vector = new float[2];
            vectors.Read(vectors.IndexOf(15), vector);
            Assert.Equal([8, 9], vector);
            Assert.Equal((6, 2, 3), (vectors.Count, vectors.Width, vectors.Book));
            Assert.Equal([-1, 0, 1, 2, -1, 3, 4, 5, -1, -1, -1], Enumerable.Range(9, 11).Select(vectors.IndexOf));
            Assert.Equal([10, 11, 12, 14, 15, 16], Enumerable.Range(0, 6).Select(vectors.TokenOf));
            Assert.Contains("only 2", Assert.Throws<ModelFormatException>(() => TokenVectors.Open(path, 10, 2)).Message, StringComparison.Ordinal);
            writer = new GgufWriter();
            writer.Add("general.architecture", "llama");
            writer.Write(path);
            Assert.Contains("no codec", Assert.Throws<ModelFormatException>(() => TokenVectors.Open(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
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
