using Percheron.Decoding;

namespace Percheron.Training.Online;

/// <summary>
/// Watches a running generation and keeps what its draft got wrong, where the accepted path ended although there was a guess for what comes next, and the answers around it. The target's logits on the path are there
/// anyway, so recording costs copies and no forward.
/// </summary>
/// <remarks>Source: Liu et al., "Online Speculative Decoding" (2024), arXiv 2310.07177, algorithm 2, which keeps the refused places alone.</remarks>
public sealed class FailureRecorder : IStepObserver
{
    private readonly Dictionary<Sequence, List<(int Position, float[] Logits, bool Refused)>> _open = [];

    /// <inheritdoc/>
    public void Observe(in Step step)
    {
        if (!step.HasLogits || !step.Acceptance.HasNext) return;
        if (!_open.TryGetValue(step.Sequence, out List<(int, float[], bool)>? answers)) _open.Add(step.Sequence, answers = []);
        ReadOnlySpan<int> path = step.Acceptance.Path;
        // The path and the token that came behind it are committed already: the answer at the last node is that token's.
        int root = step.Sequence.Count - 2 - path.Length;
        for (int i = 0; i <= path.Length; i++)
        {
            int node = i == 0 ? 0 : path[i - 1];
            answers.Add((root + i, step.Logits(node).ToArray(), i == path.Length && step.Tree.FirstCandidate(node) >= 0));
        }
    }

    /// <summary>What was recorded of a sequence that has ended; it is forgotten.</summary>
    public RecordedText Take(Sequence sequence)
    {
        if (!_open.Remove(sequence, out List<(int Position, float[] Logits, bool Refused)>? answers)) answers = [];
        // A stop may have cut the text before a place.
        return new RecordedText(sequence.Tokens.ToArray(), [.. answers.Where(answer => answer.Position < sequence.Count - 1)]);
    }
}
