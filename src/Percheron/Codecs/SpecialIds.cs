using Percheron.Formats;

namespace Percheron.Codecs;

/// <summary>Which tokens begin and end texts, turns and messages.</summary>
internal sealed class SpecialIds
{
    // Converters often fail to say which token ends a turn; engines recognise it by its spelling.
    private static readonly string[] TurnEnds =
    [
        "<|eot_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>", "<|flush|>", "<|calls|>", "<end_of_turn>", "<|endoftext|>", "</s>", "<|eom_id|>", "<EOT>", "_<EOT>", "[EOT]",
        "[EOS]", "<|end_of_text|>", "<end_of_utterance>", "<eos>", "<turn|>", "<|tool_response>", "<｜end▁of▁sentence｜>", "[e~[",
    ];

    public int? Bos { get; private init; }

    public int? Eos { get; private init; }

    public int? Unknown { get; private init; }

    public int? Pad { get; private init; }

    public HashSet<int> EndOfGeneration { get; } = [];

    /// <summary>Reads the ids a file names, with the defaults of its method, and marks the ends of turns in <paramref name="kinds"/> as control tokens.</summary>
    public static SpecialIds Read(GgufFile file, string[] tokens, TokenKind[] kinds, int? bos, int? eos, int? unknown)
    {
        int? Id(string key, int? fallback)
        {
            if (!file.TryGetUInt32("tokenizer.ggml." + key, out uint id)) return fallback < tokens.Length ? fallback : null;
            return id < tokens.Length ? (int)id : throw file.Fault("tokenizer.ggml." + key, $"{key} is {id}, but the vocabulary has {tokens.Length} tokens");
        }

        SpecialIds special = new() { Bos = Id("bos_token_id", bos), Eos = Id("eos_token_id", eos), Unknown = Id("unknown_token_id", unknown), Pad = Id("padding_token_id", null) };
        special.MarkEnds(tokens, kinds, Id("eot_token_id", null), Id("eom_token_id", null));
        return special;
    }

    /// <summary>Ids that a file without such metadata names by other means.</summary>
    public static SpecialIds Of(string[] tokens, TokenKind[] kinds, (int? Bos, int? Eos, int? Unknown, int? Pad) ids)
    {
        SpecialIds special = new() { Bos = ids.Bos, Eos = ids.Eos, Unknown = ids.Unknown, Pad = ids.Pad };
        special.MarkEnds(tokens, kinds, null, null);
        return special;
    }

    private void MarkEnds(string[] tokens, TokenKind[] kinds, int? endOfTurn, int? endOfMessage)
    {
        HashSet<string> ends = [.. TurnEnds];
        HashSet<string> present = [];
        for (int id = 0; id < tokens.Length; id++)
        {
            if (!ends.Contains(tokens[id])) continue;
            EndOfGeneration.Add(id);
            kinds[id] = TokenKind.Control;
            present.Add(tokens[id]);
        }
        // Where calls have an end of their own, <|end|> only ends a part of a message.
        bool endsByCall = (present.Contains("<|return|>") && present.Contains("<|call|>")) || (present.Contains("<|calls|>") && present.Contains("<|flush|>"));
        if (endsByCall && Array.IndexOf(tokens, "<|end|>") is >= 0 and int part) Release(part, TokenKind.UserDefined);
        if (present.Contains("<|tool_response>") && Array.IndexOf(tokens, "</s>") is >= 0 and int stray) Release(stray, TokenKind.Normal);
        foreach (int? id in (ReadOnlySpan<int?>)[Eos, endOfTurn, endOfMessage])
            if (id is { } end) EndOfGeneration.Add(end);

        void Release(int id, TokenKind kind)
        {
            EndOfGeneration.Remove(id);
            kinds[id] = kind;
        }
    }
}
