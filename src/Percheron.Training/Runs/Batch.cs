using Percheron.Training.Tokens;
using static TorchSharp.torch;

namespace Percheron.Training.Runs;

/// <summary>The rows of one pass.</summary>
/// <param name="Rows">Ids [batch, time + 1]: each row's inputs and the token after each.</param>
/// <param name="Apart">[batch, 1]: 1 where a row's documents do not see each other.</param>
/// <param name="Key">Names the pass within the run, for draws that must repeat when it is resumed; null when measuring, where nothing is drawn.</param>
public sealed record Batch(Tensor Rows, Tensor Apart, ulong? Key)
{
    /// <summary>Hidden states of the target at the inputs, FP32 [batch, time, width], by number (see <see cref="Percheron.Models.FeatureSet"/>); empty for rows without.</summary>
    public IReadOnlyDictionary<int, Tensor> States { get; init; } = new Dictionary<int, Tensor>();

    /// <summary>The recordings that rows are about; null where they are about none.</summary>
    public SoundFrames? Sound { get; init; }

    /// <summary>Number of rows.</summary>
    public long Count => Rows.shape[0];

    /// <summary>Length of the inputs.</summary>
    public long Time => Rows.shape[1] - 1;

    /// <summary>Inputs [batch, time].</summary>
    public Tensor Inputs => Rows.narrow(1, 0, Time);

    /// <summary>The token after each input [batch · time].</summary>
    public Tensor Targets => Rows.narrow(1, 1, Time).reshape(-1);

    /// <summary>State <paramref name="number"/> of the target at the inputs, FP32 [batch, time, width].</summary>
    /// <exception cref="InvalidOperationException">The rows were captured without it.</exception>
    public Tensor State(int number) => States.TryGetValue(number, out Tensor? state)
        ? state : throw new InvalidOperationException($"These rows were captured without state {number}; they have {(States.Count == 0 ? "none" : string.Join(", ", States.Keys))}.");

    /// <summary>
    /// The number of the document each token belongs to, int64 [batch, time + 1]; tokens of rows whose documents see each other are all of one. Two positions may look at each
    /// other, and a guess may be compared with the token it is for, only where the numbers are equal.
    /// </summary>
    public Tensor Documents => Rows.eq(BpeVocabulary.EndOfText).to(ScalarType.Int64).cumsum(1).mul(Apart);

    /// <summary>The causal mask of the inputs, [batch, 1, time, time] in the type of scores: 0 where a position is seen, −∞ where it is later or of another document.</summary>
    public Tensor Mask(ScalarType compute)
    {
        Tensor document = Documents.narrow(1, 0, Time);
        Tensor other = document.unsqueeze(2).ne(document.unsqueeze(1)).unsqueeze(1);
        Tensor causal = full([1, 1, Time, Time], float.NegativeInfinity).triu(1).to(compute);
        return causal.masked_fill(other, float.NegativeInfinity);
    }
}
