using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Drafters.Vocabularies;

/// <summary>Token-level intersection: drafts hold only tokens that both vocabularies have, by their bytes, with probabilities that add up to 1 among them, so every ratio rule stays exact.</summary>
/// <remarks>A token of the text that the draft lacks is read as the tokens it is spelled with.</remarks>
[Method(Source = "TLI, arXiv 2502.05202 §4", Examples = ["model(vocabulary=tli)"])]
public sealed class TliVocabulary : DraftVocabulary
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">They have no token in common.</exception>
    public override IModel Adapt(IModel draft) => draft is ForeignModel { Map.Common: 0 }
        ? throw new ArgumentException("draft and target have no token in common: use another draft, or a drafter that goes by text", nameof(draft))
        : draft;
}
