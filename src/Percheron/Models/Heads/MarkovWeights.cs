namespace Percheron.Models.Heads;

/// <summary>A bias of low rank by the token before, B(x, ·) = W₂ W₁[x], and how far guesses are to be trusted. Source: DSpark, arXiv 2607.05147.</summary>
/// <param name="Before">W₁ [vocab, rank].</param>
/// <param name="After">W₂ [vocab, rank].</param>
/// <param name="Confidence">Weights of a guess's hidden state and of W₁[x] [HiddenSize + rank], then a bias; null where the file has none.</param>
/// <param name="Temperatures">By which the logit of the confidence is divided, for each guess of a block.</param>
internal sealed record MarkovWeights(WeightMatrix Before, Projection After, float[]? Confidence, float[] Temperatures)
{
    /// <summary>Floats between the two matrices.</summary>
    public int Rank => Before.Inputs;
}
