using Percheron.Codecs.Networks;
using Percheron.Evaluation.Pictures;
using Percheron.Evaluation.Scenes;

namespace Percheron.Training.Pictures;

/// <summary>The small networks that score pictures.</summary>
public static class PictureTowers
{
    /// <summary>Numbers that a picture or a caption becomes.</summary>
    public const int Vector = 64;

    /// <summary>Words of a caption that are read.</summary>
    public const int Words = 24;

    /// <summary>The network that says what is in a scene.</summary>
    public const string Attributes = "attributes";

    private static readonly string[] Trunk =
    [
        "conv 16 kernel=3 stride=2 padding=1", "silu", "conv 32 kernel=3 stride=2 padding=1", .. Residual(32, "3", "1"), "silu", "conv 64 kernel=3 stride=2 padding=1", .. Residual(64, "3", "1"), "silu",
        "conv 64 kernel=3 stride=2 padding=1", "silu", "flatten",
    ];

    private static LayerShape Pixels => new(3, Scene.Side, Scene.Side);

    /// <summary>Pixels to features, on which <see cref="Attributes"/> decides: everything a scene shows goes through these few numbers.</summary>
    public static LayerPlan Features => new(StackFeatures.Network, Pixels, [.. Trunk, $"linear {Vector}"]);

    /// <summary>Features to what is in a scene.</summary>
    public static LayerPlan Deciding => new(Attributes, new LayerShape(Vector, 1, 1), ["silu", $"linear {SceneAttributes.Count}"]);

    /// <summary>Pixels to a vector of length 1.</summary>
    public static LayerPlan Picture => new(StackPictureText.PictureNetwork, Pixels, [.. Trunk, $"linear {Vector}", "unit"]);

    /// <summary>Words to a vector of length 1; convolutions see which word is next to which, and what they make is read place by place.</summary>
    /// <param name="tokens">Ids of words.</param>
    public static LayerPlan Text(int tokens) => new(StackPictureText.TextNetwork, new LayerShape(1, 1, Words),
    [
        $"embedding {Vector} tokens={tokens}", .. Residual(Vector, "1x3", "0x1"), "silu", $"conv {Vector} kernel=1x3 stride=1x2 padding=0x1", .. Residual(Vector, "1x3", "0x1"), "silu", "flatten", $"linear {Vector}", "unit",
    ]);

    private static string[] Residual(int width, string kernel, string padding) => ["residual", "silu", $"conv {width} kernel={kernel} padding={padding}", "silu", $"conv {width} kernel={kernel} padding={padding}", "end"];
}
