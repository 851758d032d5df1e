namespace Percheron.Training.Nets;

/// <summary>How a tensor of a network changes during a run.</summary>
public enum UpdateRule
{
    /// <summary>Not at all: it takes part in the forward pass and lies in the exported file, but has no gradient and is in no checkpoint.</summary>
    Frozen,

    /// <summary>By <see cref="Optimization.Adam"/>, at the run's vector rate: embeddings, norms, biases.</summary>
    Adam,

    /// <summary>By <see cref="Optimization.Muon"/>, at the run's matrix rate: matrices inside layers.</summary>
    Muon,
}
