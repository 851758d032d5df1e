using Percheron.Training.Nets;
using Percheron.Training.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>A decoder of fewer layers learns to say what its teacher says of the same states: divergence from the teacher's law, and cross-entropy of the text.</summary>
/// <remarks>Source: Gandhi et al. 2023, "Distil-Whisper", section 3.</remarks>
/// <param name="teacher">Gives the states and the laws; read only. Not owned.</param>
/// <param name="weight">Weight of the divergence; the rest is that of the cross-entropy.</param>
public sealed class AssistantTranscript(WhisperNet teacher, double weight = 0.8) : IObjective<WhisperNet>
{
    /// <inheritdoc/>
    public Tensor Loss(WhisperNet net, Batch batch)
    {
        (Tensor states, Tensor wanted) = Teach(batch);
        Tensor laws = Transcript.Laws(net, batch, states), right = -laws.gather(1, batch.Targets.unsqueeze(1)).squeeze(1);
        Tensor divergence = (wanted.exp() * (wanted - laws)).sum(1);
        return Transcript.Mean((divergence * weight) + (right * (1 - weight)), batch);
    }

    private (Tensor States, Tensor Laws) Teach(Batch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        Tensor states = teacher.Encode(batch.Sound!.Values, batch.Sound.Counts);
        Tensor laws = Transcript.Laws(teacher, batch, states);
        return (states.MoveToOuterDisposeScope(), laws.MoveToOuterDisposeScope());
    }
}
