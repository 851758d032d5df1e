using Percheron.Codecs.Speech;

namespace Percheron.Cli.Hosting;

/// <summary>A part of a recording: models hear so much at once, and which part is how much is for them to say.</summary>
/// <param name="Sound">The whole recording.</param>
/// <param name="Number">From 0.</param>
internal sealed record SoundPart(Waveform Sound, int Number);
