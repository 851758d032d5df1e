using Percheron.Formats;
using Xunit;

namespace Percheron.Tests.Models;

/// <summary>Every static way of stretching a rotary embedding, from metadata to logits, against its definition.</summary>
public sealed class RopeScalingTests
{
    private const int Size = 64;
    private const double Base = 10_000;

    [Fact]
    public void Another_base_is_used() => Llama(
        ReferenceTransformer.PlainFrequencies(Size, 500_000), 1, ("rope.freq_base", 500_000f));

    [Fact]
    public void None_ignores_the_factor() => Llama(
        ReferenceTransformer.PlainFrequencies(Size), 1, ("rope.scaling.type", "none"), ("rope.scaling.factor", 4f));

    [Fact]
    public void Linear_divides_positions()
    {
        double[] slower = Array.ConvertAll(ReferenceTransformer.PlainFrequencies(Size), frequency => frequency / 4);
        Llama(slower, 1, ("rope.scaling.type", "linear"), ("rope.scaling.factor", 4f));
        Llama(slower, 1, ("rope.scaling.factor", 4f));
        Llama(slower, 1, ("rope.scale_linear", 4f));
    }

    [Fact]
    public void Ntk_raises_the_base() => Llama(
        ReferenceTransformer.PlainFrequencies(Size, Base * Math.Pow(4, Size / (Size - 2.0))), 1, ("rope.scaling.type", "ntk"), ("rope.scaling.factor", 4f));

    [Fact]
    public void Yarn_ramps_between_interpolation_and_none()
    {
        Llama(Yarn(8, 128, 32, 1), 0.1 * Math.Log(8) + 1, ("rope.scaling.type", "yarn"), ("rope.scaling.factor", 8f), ("rope.scaling.original_context_length", 128u));
        Llama(
            Yarn(8, 128, 16, 2), (0.1 * Math.Log(8) + 1) / (0.1 * 0.7f * Math.Log(8) + 1) * 1.5, ("rope.scaling.type", "yarn"), ("rope.scaling.factor", 8f),
            ("rope.scaling.original_context_length", 128u), ("rope.scaling.yarn_beta_fast", 16f), ("rope.scaling.yarn_beta_slow", 2f),
            ("rope.scaling.yarn_log_multiplier", 0.7f), ("rope.scaling.attn_factor", 1.5f));
    }

    [Fact]
    public void Llama3_factors_come_as_a_tensor_or_as_parameters()
    {
        double[] plain = ReferenceTransformer.PlainFrequencies(Size), scaled = Llama3(plain, 8, 1, 4, 64);
        float[] divisors = [.. plain.Zip(scaled, (frequency, slower) => (float)(frequency / slower))];
        TinyModel model = TinyModel.Llama with { Vectors = [("rope_freqs.weight", divisors)] };
        Compare(model, [.. plain.Zip(divisors, (frequency, divisor) => frequency / divisor)], 1);
        Llama(
            scaled, 1, ("rope.scaling.type", "llama3"), ("rope.scaling.factor", 8f), ("rope.scaling.low_freq_factor", 1f), ("rope.scaling.high_freq_factor", 4f),
            ("rope.scaling.original_context_length", 64u));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(256, true)]
    [InlineData(65, true)]
    [InlineData(64, false)]
    [InlineData(30, false)]
    public void Long_factors_follow_the_context_asked_for(int context, bool stretched)
    {
        float[] longFactors = [.. Enumerable.Range(0, 24).Select(i => 1.5f + i)], shortFactors = [.. Enumerable.Range(0, 24).Select(i => 1f + i / 32f)];
        TinyModel model = TinyModel.Phi3 with
        {
            Metadata = [("rope.dimension_count", 48u), ("rope.scaling.original_context_length", 64u)],
            Vectors = [("rope_factors_long.weight", longFactors), ("rope_factors_short.weight", shortFactors)],
        };
        double[] frequencies = ReferenceTransformer.PlainFrequencies(48);
        for (int i = 0; i < frequencies.Length; i++) frequencies[i] /= (stretched ? longFactors : shortFactors)[i];
        double magnitude = Math.Sqrt(1 + Math.Log(256.0 / 64) / Math.Log(64));
        Compare(model, frequencies, magnitude, context);
        Compare(model with { Metadata = [.. model.Metadata, ("rope.scaling.attn_factor", 1.25f), ("rope.scaling.type", "longrope")] }, frequencies, 1.25, context);
    }

    [Theory]
    [InlineData("dynamic")]
    [InlineData("surprise")]
    public void Unknown_scalings_are_named(string type)
    {
        using TinyFile file = (TinyModel.Llama with { Metadata = [("rope.scaling.type", type)] }).Build();
        ModelFormatException error = Assert.Throws<ModelFormatException>(() => file.Load());
        Assert.Contains(type, error.Message);
        Assert.Contains("yarn", error.Message);
    }

    private static void Llama(double[] frequencies, double magnitude, params (string Key, GgufValue Value)[] metadata) =>
        Compare(TinyModel.Llama with { Metadata = metadata }, frequencies, magnitude);

    private static void Compare(TinyModel model, double[] frequencies, double magnitude, int context = 0) =>
        ArchitectureTests.Matches(
            model,
            (file, tiny) => new ReferenceTransformer(file, tiny) { AdjacentPairs = tiny.Architecture == "llama", Frequencies = frequencies, Magnitude = magnitude },
            context: context);

    /// <summary>By wave length, as the paper has it: pairs that turn more than <paramref name="fast"/> times keep their speed, less than <paramref name="slow"/> times are interpolated.</summary>
    private static double[] Yarn(double factor, int original, double fast, double slow)
    {
        double PairOf(double turns) => Size * Math.Log(original / (turns * 2 * Math.PI)) / (2 * Math.Log(Base));
        double low = Math.Max(Math.Floor(PairOf(fast)), 0), high = Math.Min(Math.Ceiling(PairOf(slow)), Size - 1);
        double[] frequencies = new double[Size / 2];
        for (int i = 0; i < frequencies.Length; i++)
        {
            double plain = Math.Pow(Base, -2.0 * i / Size), interpolated = plain / factor;
            double ramp = Math.Clamp((i - low) / (high - low), 0, 1);
            frequencies[i] = interpolated * ramp + plain * (1 - ramp);
        }
        return frequencies;
    }

    private static double[] Llama3(double[] plain, double factor, double lowFactor, double highFactor, double original) => Array.ConvertAll(plain, frequency =>
    {
        double wave = 2 * Math.PI / frequency;
        if (wave < original / highFactor) return frequency;
        if (wave > original / lowFactor) return frequency / factor;
        double smooth = (original / wave - lowFactor) / (highFactor - lowFactor);
        return (1 - smooth) * frequency / factor + smooth * frequency;
    });
}
