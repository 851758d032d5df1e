using Percheron.Formats;

namespace Percheron.Cli.Hosting;

/// <summary>Whether a draft speaks the target's language: a token must mean the same to both.</summary>
internal static class VocabularyMatch
{
    private const string Tokens = "tokenizer.ggml.tokens";

    /// <exception cref="Failure">The vocabularies differ; says how.</exception>
    public static void Require(LoadedModel target, LoadedModel draft)
    {
        if (target.Model.Vocab != draft.Model.Vocab)
            throw Refuse(draft, $"it has {draft.Model.Vocab} tokens, the target {target.Model.Vocab}");
        if (!target.File.TryGetStrings(Tokens, out string[] ours) || !draft.File.TryGetStrings(Tokens, out string[] theirs)) return;
        int same = ours.AsSpan().CommonPrefixLength(theirs);
        if (same < ours.Length || same < theirs.Length)
            throw Refuse(draft, $"token {same} is '{theirs.ElementAtOrDefault(same)}' there and '{ours.ElementAtOrDefault(same)}' in the target");
    }

    private static Failure Refuse(LoadedModel draft, string difference) =>
        new($"'{draft.Path}' cannot draft for this target, the vocabularies differ: {difference}; use a draft trained with the target's tokenizer.");
}
