using Percheron.Training.Corpus;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>Rows cut into windows, behind each of which there are learned inputs instead of its last tokens.</summary>
internal static class LookAheadWindows
{
    /// <summary>Tokens of a window, the ones to foretell included.</summary>
    public const int Length = 64;

    /// <summary>Windows int64 [windows, length] of a batch, beginning at a place that its key decides.</summary>
    public static Tensor Of(Batch batch)
    {
        long time = batch.Rows.shape[1], length = Math.Min(Length, time), count = time / length, slack = time - (count * length);
        ulong state = batch.Key ?? 0;
        long first = batch.Key is null || slack == 0 ? 0 : (long)(SplitMix.Next(ref state) % (ulong)(slack + 1));
        return batch.Rows.narrow(1, first, count * length).reshape(-1, length);
    }
}
