using System.Globalization;
using Percheron.Cli.Generation;
using Percheron.Codecs.Images;
using Percheron.Decoding;
using Percheron.Evaluation.Metrics;
using Percheron.Evaluation.Pictures;
using Percheron.Evaluation.Scenes;
using Percheron.Models;

namespace Percheron.Cli.Quality;

/// <summary>Pictures of held-out captions: how far their features lie from those of real scenes, how well they fit their captions by two networks, and whether they show what was asked for.</summary>
internal sealed class ImageModality : IModality
{
    // The generator of the training data, with the seed its command has by default: only captions that it held out are asked for.
    private const ulong SceneSeed = 1;

    private readonly EvaluationSettings _settings;
    private readonly CodeSession _session;
    private readonly IPictureCodec _codec;
    private readonly IPictureFeatures? _features;
    private readonly IPictureText? _text;
    private readonly SceneGenerator _scenes = new(SceneSeed);
    private readonly TokenRanges _constraint;
    private readonly Picture _picture;

    /// <param name="settings">Models and sampling.</param>
    /// <param name="session">The model over codes.</param>
    /// <param name="codec">Of its codes.</param>
    /// <param name="features">For FID; null measures none. Owned.</param>
    /// <param name="text">For the CLIP score; null measures none. Owned.</param>
    public ImageModality(EvaluationSettings settings, CodeSession session, IPictureCodec codec, IPictureFeatures? features, IPictureText? text)
    {
        (_settings, _session, _codec, _features, _text) = (settings, session, codec, features, text);
        (_constraint, _picture) = (session.Constraint(ends: false), new Picture(codec.PictureWidth, codec.PictureHeight));
        Metrics = [.. features is null ? Array.Empty<ICorpusMetric>() : [new FrechetDistance(features.Name, Real(features))], .. text is null ? Array.Empty<ICorpusMetric>() : [new MeanScore($"CLIP score ({text.Name})", higherIsBetter: true)], new MeanScore("caption accuracy %", higherIsBetter: true, 100)];
    }

    public string Name => "image";

    public string About => "scenes whose captions no training scene has; FID against as many real scenes with other captions of the same grammar, and accuracy by a program that looks at the pixels";

    public IModel Model => _settings.Host.Law;

    public ISpecHost Host => _settings.Host;

    public IReadOnlyList<ICorpusMetric> Metrics { get; }

    public IReadOnlyList<string> Standard =>
    [
        "zipar(window=4) | decided | 64", "zipar(window=8) | decided | 64", "zipar(window=12) | decided | 64", "model", "sjd", "recycling", "eagle3", "mtp", "model | speculative-sampling", "sjd | speculative-sampling", "model | traversal",
        "sjd | gsd", "model | gsd", "model | grouped", "sjd | grouped", "eagle3 | grouped", "model | typical-acceptance", "model | tolerance", "model | coarse-grained",
    ];

    public BudgetPolicy NewPlanner(Drafter drafter) => _settings.Host.NewPlanner(drafter);

    public (int[] Tokens, SequenceOptions Options) Prompt(int index) =>
        (_session.Prompt(Caption(index)), new SequenceOptions { Sampling = _settings.Sampling, Seed = CodePrompts.Seed(_settings, index), MaxTokens = _codec.Width * _codec.Height, Constraint = _constraint });

    public void Render(ReadOnlySpan<int> output) => Draw(output);

    public double[][] Judge(int index, ReadOnlySpan<int> output)
    {
        Picture picture = Draw(output);
        CaptionedScene scene = _scenes.HeldOut(index);
        List<double[]> observed = [];
        if (_features is not null)
        {
            var features = new double[_features.Dimensions];
            _features.Read(picture, features);
            observed.Add(features);
        }
        if (_text is not null) observed.Add([_text.Score(picture, scene.Text), 1]);
        if ((picture.Width, picture.Height) != (Scene.Side, Scene.Side)) picture = picture.Resized(Scene.Side, Scene.Side);
        observed.Add([SceneChecker.Problem(picture, scene.Caption) is null ? 1 : 0, 1]);
        return [.. observed];
    }

    public string Caption(int index) => _scenes.HeldOut(index).Text;

    public string Show(ReadOnlySpan<int> output)
    {
        using MemoryStream png = new();
        PngWriter.Write(png, Draw(output));
        return $"<img width=\"128\" height=\"128\" style=\"image-rendering: pixelated\" alt=\"\" src=\"data:image/png;base64,{Convert.ToBase64String(png.ToArray())}\">";
    }

    public void Dispose()
    {
        _features?.Dispose();
        _text?.Dispose();
    }

    private Picture Draw(ReadOnlySpan<int> output)
    {
        int[] codes = [.. output];
        for (int i = 0; i < codes.Length; i++) codes[i] -= _session.Codes.First;
        _codec.Decode(codes, _picture);
        return _picture;
    }

    // As many real scenes as there are pictures, and never so few that their law would be a guess.
    private Gaussian Real(IPictureFeatures features)
    {
        int count = Math.Max(_settings.Samples, 2 * features.Dimensions);
        var sums = new double[FrechetDistance.SizeOf(features.Dimensions)];
        var one = new double[features.Dimensions];
        for (int i = 0; i < count; i++)
        {
            if (_settings.Terminal.Stop.IsCancellationRequested) throw new Failure("cancelled.");
            if (_settings.Terminal.ErrorIsTerminal && i % 100 == 0) _settings.Terminal.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\rreal scenes {i}/{count}"));
            features.Read(SceneDrawing.Draw(_scenes.HeldOut(_settings.Samples + i).Scene), one);
            FrechetDistance.Count(one, sums);
        }
        if (_settings.Terminal.ErrorIsTerminal) _settings.Terminal.Error.Write("\r                              \r");
        return FrechetDistance.Fit(sums, features.Dimensions);
    }
}
