using Percheron.Formats;

namespace Percheron.Benchmarks.RandomModels;

/// <summary>A vocabulary in the style of SentencePiece whose pieces are all short strings of letters: any text has tokens, and every engine loads it.</summary>
internal static class PlaceholderVocabulary
{
    private const int Normal = 1, Unknown = 2, Control = 3, Byte = 6;
    private const string Letters = "etaoinshrdlcumwfgypbvkjxqz";

    /// <summary>Adds tokens, scores and types for <paramref name="count"/> ids.</summary>
    public static void AddTo(GgufWriter writer, int count)
    {
        List<string> tokens = ["<unk>", "<s>", "</s>"];
        List<int> types = [Unknown, Control, Control];
        for (int value = 0; value < 256; value++)
        {
            tokens.Add($"<0x{value:X2}>");
            types.Add(Byte);
        }
        tokens.AddRange(Pieces().Take(count - tokens.Count));
        while (types.Count < tokens.Count) types.Add(Normal);
        float[] scores = [.. tokens.Select((_, id) => id < 259 ? 0f : 259f - id)];
        writer.Add("tokenizer.ggml.model", "llama");
        writer.Add("tokenizer.ggml.pre", "default");
        writer.Add("tokenizer.ggml.tokens", tokens.ToArray());
        writer.Add("tokenizer.ggml.scores", scores);
        writer.Add("tokenizer.ggml.token_type", types.ToArray());
        writer.Add("tokenizer.ggml.unknown_token_id", 0u);
        writer.Add("tokenizer.ggml.bos_token_id", 1u);
        writer.Add("tokenizer.ggml.eos_token_id", 2u);
        writer.Add("tokenizer.ggml.add_bos_token", true);
        writer.Add("tokenizer.ggml.add_eos_token", false);
    }

    // Single signs first, then all strings of two letters, of three …, each alone and at the beginning of a word.
    private static IEnumerable<string> Pieces()
    {
        yield return "▁";
        foreach (char sign in ".,!?'\"-:;()0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") yield return sign.ToString();
        List<string> last = [""];
        while (true)
        {
            List<string> longer = [.. last.SelectMany(_ => Letters, (text, letter) => text + letter)];
            foreach (string text in longer)
            {
                yield return text;
                yield return "▁" + text;
            }
            last = longer;
        }
    }
}
