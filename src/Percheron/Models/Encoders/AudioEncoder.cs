using Percheron.Formats;
using Percheron.Kernels;
using Percheron.Models.Architectures;

namespace Percheron.Models.Encoders;

/// <summary>Two convolutions over frames of sound, the second of which halves their number, positions, and layers in which every state attends to every other.</summary>
internal sealed unsafe class AudioEncoder : IDisposable
{
    private readonly TransformerWeights _weights;
    private readonly Convolution _first, _second;
    private readonly float[] _positions;
    private readonly ThreadTeam _team;
    private readonly ForwardPass _pass;
    private readonly TransformerCache _cache;
    private readonly Rows _rows = new();
    private readonly FeatureSet _last;
    private readonly Lock _gate = new();

    /// <param name="file">The weights.</param>
    /// <param name="decoder">The decoder, whose vocabulary stands for the encoder's, which has none and whose rows begin as states.</param>
    /// <param name="team">Threads.</param>
    /// <param name="time">Tells whether large pages are at hand.</param>
    /// <exception cref="ModelFormatException">A size or tensor is missing or wrong.</exception>
    public AudioEncoder(GgufFile file, TransformerWeights decoder, ThreadTeam team, TimeProvider time)
    {
        TransformerConfig config = new ConfigReader(file, $"{Whisper.Name}.encoder", Whisper.Encoder).Read(new ModelOptions(), decoder.Config.Vocab);
        WeightReader reader = new(file, Whisper.Encoder, config);
        Bands = file.GetInt32("whisper.bands");
        const int Most = 1 << 16;
        if (Bands is < 1 or > Most) throw file.Fault("whisper.bands", $"whisper.bands: {Bands} should be 1 to {Most}");
        if (config.HiddenSize < 4 || config.HiddenSize % 2 != 0 || config.ContextLength > Most) throw file.Fault("whisper.encoder.embedding_length", $"an encoder of {config.ContextLength} states of {config.HiddenSize} floats is not supported");
        Projection first = reader.Projection("enc.conv1", config.HiddenSize, Bands * Convolution.Taps), second = reader.Projection("enc.conv2", config.HiddenSize, config.HiddenSize * Convolution.Taps);
        _weights = decoder with { Config = config, Positions = null, Layers = reader.Layers(), OutputNorm = reader.Norm("enc.output_norm") };
        _positions = Positions(file, config);
        _weights.Pack(team.Threads, time);
        new WeightPacker([first.Matrix, second.Matrix]).Run(team.Threads, time);
        _team = team;
        (_first, _second) = (new Convolution(first, 1, team.Threads), new Convolution(second, 2, team.Threads));
        int[] layers = [.. Enumerable.Range(0, config.LayerCount)];
        _pass = new ForwardPass(_weights, new EmbeddingTable(_weights), layers, team);
        _cache = new TransformerCache(_weights, _weights.IsSinglePrecision ? CacheType.F32 : CacheType.F16, layers);
        _last = new FeatureSet(config.LayerCount + 1);
    }

    /// <summary>Values of a frame.</summary>
    public int Bands { get; }

    /// <summary>Most frames of an input.</summary>
    public int MostFrames => 2 * _weights.Config.ContextLength;

    /// <summary>Floats of a state.</summary>
    public int Width => _weights.Config.HiddenSize;

    /// <param name="frames">[count, Bands].</param>
    /// <exception cref="ArgumentException">No frames, part of one, or too many.</exception>
    public EncoderStates Encode(ReadOnlySpan<float> frames)
    {
        if (frames.IsEmpty || frames.Length % Bands != 0) throw new ArgumentException($"{frames.Length} floats are not a whole number of frames of {Bands} bands", nameof(frames));
        if (frames.Length / Bands > MostFrames) throw new ArgumentException($"{frames.Length / Bands} frames are more than the {MostFrames} this encoder was made for", nameof(frames));
        lock (_gate)
        {
            fixed (float* sound = frames)
            {
                float* states = _first.Run(_team, sound, frames.Length / Bands);
                states = _second.Run(_team, states, _first.Count);
                AddRows(states);
            }
            _pass.Run([_rows]);
            float[] result = new float[_rows.Count * Width];
            for (int row = 0; row < _rows.Count; row++) _rows.Feature(row, 0).CopyTo(result.AsSpan(row * Width));
            _cache.Clear();
            return new EncoderStates(result, Width);
        }
    }

    public void Dispose()
    {
        _cache.Dispose();
        _pass.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    private void AddRows(float* states)
    {
        _cache.Clear();
        _rows.Reset(_cache, _last);
        for (int row = 0; row < _second.Count; row++)
        {
            Span<float> state = new(states + ((long)row * Width), Width);
            System.Numerics.Tensors.TensorPrimitives.Add(state, _positions.AsSpan(row * Width, Width), state);
            _rows.AddHidden(state, 0, row - 1, logits: false);
        }
    }

    // Files of others bring the sinusoids with them.
    private static float[] Positions(GgufFile file, TransformerConfig config)
    {
        if (!file.TryGetTensor("enc.position_embd.weight", out TensorInfo? table)) return Sinusoids.Of(config.ContextLength, config.HiddenSize);
        if (table.Columns != config.HiddenSize || table.Rows < config.ContextLength) throw file.Fault(table, $"tensor '{table.Name}' does not hold {config.ContextLength} positions of {config.HiddenSize} floats");
        return file.ReadFloats(table);
    }
}
