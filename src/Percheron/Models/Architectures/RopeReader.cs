using Percheron.Formats;
using Percheron.Kernels;

namespace Percheron.Models.Architectures;

/// <summary>Reads a rotary embedding and its scaling from the metadata of a file and works them into one frequency per pair.</summary>
/// <remarks>
/// Every choice is made once, when the model is loaded: a scaling that depended on how many rows a cache holds at the moment would give one position
/// different angles in different groupings. That is why dynamic NTK is refused and long factors follow the context asked for.
/// </remarks>
internal sealed class RopeReader(GgufFile file, string architecture)
{
    /// <param name="layout">Which values form a pair.</param>
    /// <param name="headSize">Floats of a head.</param>
    /// <param name="trained">Context the model was made for.</param>
    /// <param name="context">Context it is loaded for.</param>
    public RopeConfig Read(RopeLayout layout, int headSize, int trained, int context)
    {
        int dimensions = checked((int)Math.Min(file.GetUInt32(Key("rope.dimension_count"), (uint)headSize), int.MaxValue));
        if (dimensions == 0 || dimensions > headSize || dimensions % 2 != 0)
            throw file.Fault(Key("rope.dimension_count"), $"{Key("rope.dimension_count")}: {dimensions} values of a head of {headSize} cannot be rotated in pairs");
        string type = file.GetString(Key("rope.scaling.type"), "linear");
        RopeScaling scaling = new()
        {
            Base = Positive("rope.freq_base", 10_000),
            Dimensions = dimensions,
            Factor = type == "none" ? 1 : Factor(),
            OriginalContext = (int)Math.Clamp(file.GetUInt32(Key("rope.scaling.original_context_length"), (uint)trained), 1, int.MaxValue),
        };
        double magnitude = Positive("rope.scaling.attn_factor", 1);
        double[]? divisors = Divisors("rope_freqs.weight", dimensions);
        switch (type)
        {
            case "none" or "linear":
                return Config(scaling.Linear());
            case "ntk":
                return Config(scaling.Ntk());
            case "yarn":
                RopeScaling.Yarn yarn = ReadYarn();
                magnitude *= scaling.YarnMagnitude(yarn);
                return Config(scaling.Blend(yarn, divisors), divided: true);
            case "llama3":
                return Config(divisors is null ? scaling.Llama3(Positive("rope.scaling.low_freq_factor", 1), Positive("rope.scaling.high_freq_factor", 4)) : scaling.Unscaled());
            case "longrope" or "su":
                return Config(scaling.Linear());
            default:
                throw file.Fault(Key("rope.scaling.type"), $"rope scaling '{type}' is not supported; supported are none, linear, ntk, yarn, llama3, longrope");
        }

        RopeConfig Config(double[] frequencies, bool divided = false)
        {
            double[]? longFactors = Divisors("rope_factors_long.weight", dimensions), shortFactors = Divisors("rope_factors_short.weight", dimensions);
            bool stretched = context > scaling.OriginalContext;
            double[]? factors = (stretched ? longFactors : shortFactors) ?? (divided ? null : divisors);
            for (int i = 0; factors is not null && i < frequencies.Length; i++) frequencies[i] /= factors[i];
            if (longFactors is not null && !file.Metadata.ContainsKey(Key("rope.scaling.attn_factor"))) magnitude *= RopeScaling.LongMagnitude(trained, scaling.OriginalContext);
            return new RopeConfig { Layout = layout, Frequencies = frequencies, Magnitude = magnitude };
        }
    }

    private string Key(string key) => $"{architecture}.{key}";

    private double Factor()
    {
        double factor = file.GetFloat32(Key("rope.scaling.factor"), file.GetFloat32(Key("rope.scale_linear"), 0));
        if (!double.IsFinite(factor) || factor < 0) throw file.Fault(Key("rope.scaling.factor"), $"{Key("rope.scaling.factor")}: {factor} is not a possible factor");
        return factor == 0 ? 1 : factor;
    }

    private double Positive(string key, float fallback)
    {
        double value = file.GetFloat32(Key(key), fallback);
        return double.IsFinite(value) && value > 0 ? value : throw file.Fault(Key(key), $"{Key(key)}: {value} should be positive");
    }

    private RopeScaling.Yarn ReadYarn()
    {
        double extrapolation = file.GetFloat32(Key("rope.scaling.yarn_ext_factor"), 1);
        return new RopeScaling.Yarn(
            extrapolation < 0 ? 1 : extrapolation,
            Positive("rope.scaling.yarn_attn_factor", 1),
            Positive("rope.scaling.yarn_beta_fast", 32),
            Positive("rope.scaling.yarn_beta_slow", 1),
            file.GetFloat32(Key("rope.scaling.yarn_log_multiplier"), 0));
    }

    private double[]? Divisors(string tensor, int dimensions)
    {
        if (!file.TryGetTensor(tensor, out TensorInfo? info)) return null;
        if (info.Elements != dimensions / 2) throw file.Fault(info, $"tensor '{tensor}' has {info.Elements} factors where {dimensions / 2} pairs are rotated");
        float[] factors = file.ReadFloats(info);
        foreach (float factor in factors)
            if (!float.IsFinite(factor) || factor <= 0) throw file.Fault(info, $"tensor '{tensor}' holds the factor {factor}");
        return Array.ConvertAll(factors, factor => (double)factor);
    }
}
