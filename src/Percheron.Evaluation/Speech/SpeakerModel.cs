using Percheron.Codecs.Speech;
using Percheron.Formats;

namespace Percheron.Evaluation.Speech;

/// <summary>
/// Tells speakers apart by the law of their mel cepstra: one Gaussian with a full covariance for each. Cepstra keep the means of a recording, so the law also knows how a voice was
/// recorded. Source: Bimbot and Mathan, "Text-free speaker recognition using an arithmetic-harmonic sphericity measure" (1993), for one full Gaussian per speaker.
/// </summary>
public sealed class SpeakerModel
{
    private const string Architecture = "percheron-speaker-model", NamesKey = "speakers.names", MeansName = "speakers.mean", FactorsName = "speakers.covariance";
    private const double Ridge = 1e-3;
    private const int Width = MelCepstra.Coefficients;
    private readonly double[][] _means;
    private readonly double[][] _covariances;
    private readonly Cholesky[] _factors;

    private SpeakerModel(IReadOnlyList<string> speakers, double[][] means, double[][] covariances)
    {
        (Speakers, _means, _covariances) = (speakers, means, covariances);
        _factors = [.. covariances.Select(covariance => new Cholesky(covariance, Width))];
    }

    /// <summary>The speakers, in the order of voices.</summary>
    public IReadOnlyList<string> Speakers { get; }

    /// <summary>Learns the speakers from sounds of each.</summary>
    /// <param name="sounds">For each speaker, in the order of voices, a name and sounds.</param>
    /// <exception cref="InvalidOperationException">A speaker has too little sound.</exception>
    public static SpeakerModel Learn(IEnumerable<(string Name, IEnumerable<Waveform> Sounds)> sounds)
    {
        List<string> names = [];
        List<double[]> means = [], covariances = [];
        foreach ((string name, IEnumerable<Waveform> own) in sounds)
        {
            double[] sum = new double[Width], squares = new double[Width * Width];
            int count = 0;
            foreach (Waveform sound in own)
            {
                MelCepstra cepstra = MelCepstra.Of(sound);
                foreach (int t in cepstra.Spoken())
                {
                    Add(cepstra.Frame(t), sum, squares);
                    count++;
                }
            }
            if (count < 10 * Width) throw new InvalidOperationException($"{name} speaks for {count / MelCepstra.FramesPerSecond:f1} s, too little to be known by");
            for (int i = 0; i < Width; i++) sum[i] /= count;
            for (int i = 0; i < squares.Length; i++) squares[i] = (squares[i] / count) - (sum[i / Width] * sum[i % Width]) + (i / Width == i % Width ? Ridge : 0);
            (names, means, covariances) = ([.. names, name], [.. means, sum], [.. covariances, squares]);
        }
        return new SpeakerModel(names, [.. means], [.. covariances]);
    }

    /// <summary>How well a sound fits each speaker: the mean log-likelihood of its frames, one number per speaker; higher is nearer.</summary>
    public double[] Scores(Waveform sound)
    {
        MelCepstra cepstra = MelCepstra.Of(sound);
        List<int> spoken = cepstra.Spoken();
        double[] scores = new double[Speakers.Count], difference = new double[Width];
        foreach (int t in spoken)
        {
            for (int speaker = 0; speaker < scores.Length; speaker++)
            {
                for (int i = 0; i < Width; i++) difference[i] = cepstra.Frame(t)[i] - _means[speaker][i];
                scores[speaker] -= 0.5 * (_factors[speaker].Mahalanobis(difference) + _factors[speaker].LogDeterminant + (Width * Math.Log(2 * Math.PI))) / spoken.Count;
            }
        }
        return scores;
    }

    /// <summary>The speaker whose law fits a sound best; the first of equals.</summary>
    public int Nearest(Waveform sound)
    {
        double[] scores = Scores(sound);
        return Array.IndexOf(scores, scores.Max());
    }

    /// <summary>Adds the model to a file.</summary>
    public void Write(GgufWriter writer)
    {
        writer.Add("general.architecture", Architecture);
        writer.Add(NamesKey, Speakers.ToArray());
        writer.AddTensor(MeansName, TensorType.F32, [Width, Speakers.Count], _means.SelectMany(mean => mean).Select(value => (float)value).ToArray());
        writer.AddTensor(FactorsName, TensorType.F32, [Width, Width, Speakers.Count], _covariances.SelectMany(covariance => covariance).Select(value => (float)value).ToArray());
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="ModelFormatException">The file is no speaker model, or damaged.</exception>
    public static SpeakerModel Read(GgufFile file)
    {
        if (!(file.Metadata.TryGetValue("general.architecture", out GgufValue? kind) && kind.TryString(out string name) && name == Architecture))
            throw file.Fault("general.architecture", $"not a speaker model: general.architecture is not '{Architecture}'");
        if (!(file.Metadata.TryGetValue(NamesKey, out GgufValue? value) && value.ToObject() is string[] { Length: > 0 } names)) throw file.Fault(NamesKey, $"a speaker model needs {NamesKey}");
        double[][] Rows(string tensor, int width)
        {
            TensorInfo info = file.Tensor(tensor);
            if (info.Elements != (long)width * names.Length) throw file.Fault(info, $"tensor '{tensor}' is not that of {names.Length} speakers");
            return [.. file.ReadFloats(info).Select(number => (double)number).Chunk(width)];
        }
        try
        {
            return new SpeakerModel(names, Rows(MeansName, Width), Rows(FactorsName, Width * Width));
        }
        catch (ArithmeticException)
        {
            throw file.Fault(file.Tensor(FactorsName), "a covariance is not positive definite");
        }
    }

    private static void Add(ReadOnlySpan<float> frame, double[] sum, double[] squares)
    {
        for (int i = 0; i < Width; i++)
        {
            sum[i] += frame[i];
            for (int j = 0; j < Width; j++) squares[(i * Width) + j] += (double)frame[i] * frame[j];
        }
    }
}
