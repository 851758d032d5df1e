using Percheron.Decoding;

namespace Percheron.Cli.Generation;

/// <summary>Notes of every output token whether it was drafted, and if wanted its log-probability and the most probable alternatives.</summary>
/// <remarks>A step is seen before stop conditions cut it: only the first tokens noted, as many as the output has in the end, count.</remarks>
/// <param name="alternatives">How many alternatives to note for each token; −1 for no log-probabilities at all.</param>
internal sealed class StepRecorder(int alternatives) : IStepObserver
{
    private readonly List<bool> _drafted = [];

    /// <summary>Natural logarithms of the model's own probability of each output token, before any sampling setting.</summary>
    public List<TokenLogProbabilities> LogProbabilities { get; } = [];

    /// <summary>Largest size of the target's cache, in bytes.</summary>
    public long CacheBytes { get; private set; }

    /// <summary>Whether output token <paramref name="token"/> is an accepted candidate; otherwise the target added it.</summary>
    public bool IsDrafted(int token) => token < _drafted.Count && _drafted[token];

    /// <inheritdoc/>
    public void Observe(in Step step)
    {
        CacheBytes = Math.Max(CacheBytes, step.Sequence.Cache?.Bytes ?? 0);
        if (!step.Acceptance.HasNext) return;
        int node = 0;
        foreach (int accepted in step.Acceptance.Path)
        {
            Note(step, node, step.Tree.Token(accepted), drafted: true);
            node = accepted;
        }
        Note(step, node, step.Acceptance.Next, drafted: false);
    }

    private void Note(in Step step, int node, int token, bool drafted)
    {
        _drafted.Add(drafted);
        if (alternatives >= 0) LogProbabilities.Add(TokenLogProbabilities.Of(step.Logits(node), token, alternatives));
    }
}
