using Percheron.Formats;

namespace Percheron.Cli.Hosting;

/// <summary>Whether a draft speaks the target's language: a token must mean the same to both.</summary>
internal static class VocabularyMatch
{
    private const string Tokens = "tokenizer.ggml.tokens";

    /// <summary>How the vocabularies differ; null if they do not.</summary>
    public static string? Difference(LoadedModel target, LoadedModel draft)
    {
        if (target.Model.Vocab != draft.Model.Vocab) return $"it has {draft.Model.Vocab} tokens, the target {target.Model.Vocab}";
        if (!target.File.TryGetStrings(Tokens, out string[] ours) || !draft.File.TryGetStrings(Tokens, out string[] theirs)) return null;
        int same = ours.AsSpan().CommonPrefixLength(theirs);
        return same < ours.Length || same < theirs.Length ? $"token {same} is '{theirs.ElementAtOrDefault(same)}' there and '{ours.ElementAtOrDefault(same)}' in the target" : null;
    }

    /// <summary>What to say of a draft that cannot serve.</summary>
    public static Failure Refuse(LoadedModel draft, string difference) =>
        new($"'{draft.Path}' cannot draft for this target, the vocabularies differ: {difference}; use a draft trained with the target's tokenizer.");
}
