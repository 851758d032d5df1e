namespace Percheron.Decoding;

/// <summary>Watches finished steps: log-probabilities, capture of training data, streaming.</summary>
public interface IStepObserver
{
    /// <summary>Sees one finished step of one sequence.</summary>
    void Observe(in Step step);
}
