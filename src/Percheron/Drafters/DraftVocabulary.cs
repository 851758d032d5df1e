using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>What is done where a draft model's vocabulary is not the target's, or is more than is worth drafting from.</summary>
[MethodKind("vocabulary", Suffix = "Vocabulary")]
public abstract class DraftVocabulary
{
    /// <summary>The draft as the target's vocabulary has it.</summary>
    /// <param name="draft">The draft as the host supplies it: a <see cref="ForeignModel"/> where the vocabularies differ.</param>
    public abstract IModel Adapt(IModel draft);
}
