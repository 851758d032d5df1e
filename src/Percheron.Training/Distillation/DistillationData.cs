namespace Percheron.Training.Distillation;

/// <summary>
/// Whose text the laws of target and draft are compared on.
/// Source: Zhou et al., "DistillSpec" (2024), section 4.
/// </summary>
public enum DistillationData
{
    /// <summary>The training documents.</summary>
    Corpus,

    /// <summary>Continuations that the target draws.</summary>
    Teacher,

    /// <summary>Continuations that the draft itself draws, as it stands: on policy.</summary>
    Student,

    /// <summary>Passes of <see cref="Corpus"/> and <see cref="Student"/> in turn.</summary>
    Mixed,
}
