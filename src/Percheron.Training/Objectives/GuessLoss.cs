using Percheron.Training.Nets;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>What one guess costs, the mean over the positions whose guess is for a token of their own document.</summary>
public static class GuessLoss
{
    /// <summary>The cross-entropy of the token that came.</summary>
    /// <param name="logits">[batch, time − 1 − guess, vocab].</param>
    /// <param name="batch">Whose text.</param>
    /// <param name="guess">0, 1 … tokens behind the next one.</param>
    public static Tensor Of(Tensor logits, Batch batch, int guess) => Mean(Came(Logarithms(logits), batch, guess), batch, guess);

    /// <summary>A mixture of the cross-entropy of the token that came and of that of the target's law there.</summary>
    /// <param name="logits">[batch, time − 1 − guess, vocab].</param>
    /// <param name="batch">Whose text.</param>
    /// <param name="guess">0, 1 … tokens behind the next one.</param>
    /// <param name="law">The target's probabilities [batch, time, vocab] of the token after each input (<see cref="Law"/>); null for none.</param>
    /// <param name="soft">Share of the law, 0 to 1; the rest is the token that came.</param>
    public static Tensor Of(Tensor logits, Batch batch, int guess, Tensor? law, double soft)
    {
        if (law is null) return Of(logits, batch, guess);
        Tensor draft = Logarithms(logits), loss = (law.narrow(1, 1 + guess, logits.shape[1]) * draft).sum(-1).mul(-soft);
        return Mean(soft == 1 ? loss : loss + ((1 - soft) * Came(draft, batch, guess)), batch, guess);
    }

    /// <summary>The target's probabilities [batch, time, vocab] after each input; null where they have no share. No gradient flows through them.</summary>
    public static Tensor? Law(TargetHead target, Batch batch, double soft) => soft == 0 ? null : target.Law(batch.State(target.LastState)).exp_();

    private static Tensor Logarithms(Tensor logits) => nn.functional.log_softmax(logits.to(ScalarType.Float32), -1);

    private static Tensor Came(Tensor draft, Batch batch, int guess) => -draft.gather(-1, batch.Rows.narrow(1, 2 + guess, draft.shape[1]).unsqueeze(-1)).squeeze(-1);

    private static Tensor Mean(Tensor loss, Batch batch, int guess)
    {
        long count = loss.shape[1];
        Tensor documents = batch.Documents, same = documents.narrow(1, 0, count).eq(documents.narrow(1, 2 + guess, count)).to(ScalarType.Float32);
        return (loss * same).sum() / same.sum().clamp_min(1);
    }
}
