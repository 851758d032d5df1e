using Percheron.Codecs.Speech;

namespace Percheron.Training.Speech;

/// <summary>A recording and what is said in it.</summary>
/// <param name="Sound">The recording.</param>
/// <param name="Text">What is said.</param>
public sealed record Utterance(Waveform Sound, string Text);
