using Percheron.Codecs.Speech;
using Percheron.Formats;
using Percheron.Models.Encoders;

namespace Percheron.Cli.Hosting;

/// <summary>What a model has heard.</summary>
/// <param name="Listener">Who listens.</param>
/// <param name="States">What its encoder, or another's, made of the part.</param>
/// <param name="Parts">Of the recording.</param>
internal sealed record HeardSound(WhisperModel Listener, EncoderStates States, int Parts)
{
    /// <summary>Hears a part of a recording, at whatever rate it comes.</summary>
    /// <exception cref="Failure">The model has no encoder.</exception>
    /// <exception cref="ModelFormatException">It does not say how sound becomes its frames.</exception>
    public static HeardSound Of(WhisperModel listener, string path, SoundPart part)
    {
        if (!listener.HasEncoder) throw new Failure($"'{path}' has no encoder: it is an assistant of another model; name that one with -m and this one with -md.");
        IReadOnlyList<float[]> parts = new WhisperMel(WhisperMelSettings.Read(listener.File)).Parts(part.Sound, listener.MostFrames);
        return new HeardSound(listener, listener.Encode(parts[part.Number]), parts.Count);
    }
}
