using System.CommandLine;

namespace Percheron.Cli.Options;

/// <summary><c>--guidance S</c>: scale of classifier-free guidance.</summary>
internal sealed class GuidanceFlag
{
    public Option<float?> Option { get; } = new("--guidance") { Description = "Scale of classifier-free guidance: 1 is none, more follows the condition more closely. [default: what the model's file recommends]", HelpName = "S" };

    /// <summary>The scale; null where the model's file is asked.</summary>
    public float? Read(ParseResult parsed) =>
        parsed.GetValue(Option) is { } scale && !(scale >= 0 && float.IsFinite(scale)) ? throw Failure.Usage($"--guidance must be 0 or more, not {scale}.") : parsed.GetValue(Option);
}
