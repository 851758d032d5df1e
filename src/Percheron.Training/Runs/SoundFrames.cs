using static TorchSharp.torch;

namespace Percheron.Training.Runs;

/// <summary>The recordings that the rows of a batch are about.</summary>
/// <param name="Values">FP32 [batch, frames, bands]; what lies behind a recording's last frame means nothing.</param>
/// <param name="Counts">Frames of each recording, int64 [batch].</param>
public sealed record SoundFrames(Tensor Values, Tensor Counts);
