using Percheron.Codecs;
using Xunit;

namespace Percheron.Tests.Codecs;

public sealed class UnigramTests
{
    [Fact]
    public void The_best_of_all_segmentations_is_found()
    {
        Random random = new(5);
        string[] letters = ["a", "b", "c", "\u2581", "😀"];
        for (int round = 0; round < 300; round++)
        {
            List<string> tokens = ["<unk>"];
            List<float> scores = [0];
            for (int i = 0; i < random.Next(3, 20); i++)
            {
                string token = string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => letters[random.Next(letters.Length)]));
                if (tokens.Contains(token)) continue;
                tokens.Add(token);
                scores.Add(-(float)random.NextDouble() * 8);
            }
            Tokenizer tokenizer = Build(tokens, scores);
            for (int i = 0; i < 40; i++)
            {
                string text = string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => letters[random.Next(letters.Length)]));
                int[] ids = tokenizer.Encode(text);
                Assert.Equal(Best(text, tokens, scores, new Dictionary<string, double>()), Score(text, ids, tokens, scores), 1e-5);
            }
        }
    }

    [Fact]
    public void Characters_without_a_token_are_one_unknown_token_or_their_bytes()
    {
        string[] bytes = [.. Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>")];
        Tokenizer without = Build(["<unk>", "a"], [0, -1]);
        Assert.Equal([1, 0, 1], without.Encode("aéüa"));
        Tokenizer with = Build(["<unk>", "a", .. bytes], [0, -1, .. bytes.Select(_ => 0f)]);
        Assert.Equal([1, 2 + 0xC3, 2 + 0xA9, 1], with.Encode("aéa"));
        Assert.Equal("aéa", with.Decode(with.Encode("aéa")));
    }

    private static Unigram Build(IEnumerable<string> tokens, IEnumerable<float> scores)
    {
        string[] all = [.. tokens];
        TokenKind[] kinds = [.. all.Select(token => token == "<unk>" ? TokenKind.Unknown : Pieces.ByteValue(token) >= 0 ? TokenKind.Byte : TokenKind.Normal)];
        return new Unigram(new TokenizerModel("made in memory", all, kinds)
        {
            Scores = [.. scores],
            Unknown = 0,
            Form = PieceForm.MarkedSpaces,
            Marks = new SpaceMarks(SpacePrefix.None, EndsWords: false),
        });
    }

    private static double Score(string text, int[] ids, List<string> tokens, List<float> scores)
    {
        double sum = 0;
        int at = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i] != 0)
            {
                Assert.Equal(tokens[ids[i]], text.Substring(at, tokens[ids[i]].Length));
                sum += scores[ids[i]];
                at += tokens[ids[i]].Length;
                continue;
            }
            // One unknown token stands for a run of characters: those up to where the next token fits so that the rest can be spelled too.
            string next = i + 1 < ids.Length ? tokens[ids[i + 1]] : "";
            do
            {
                at += char.IsHighSurrogate(text[at]) ? 2 : 1;
                sum += Unknown(scores);
            }
            while (at < text.Length && (next.Length == 0 || !Fits(text, at, ids.AsSpan(i + 1), tokens)));
        }
        Assert.Equal(text.Length, at);
        return sum;
    }

    private static bool Fits(string text, int at, ReadOnlySpan<int> ids, List<string> tokens)
    {
        foreach (int id in ids)
        {
            if (id == 0) return true;
            if (!text.AsSpan(at).StartsWith(tokens[id], StringComparison.Ordinal)) return false;
            at += tokens[id].Length;
        }
        return at == text.Length;
    }

    private static double Unknown(List<float> scores) => scores.Skip(1).Min() - 10;

    private static double Best(string text, List<string> tokens, List<float> scores, Dictionary<string, double> known)
    {
        if (text.Length == 0) return 0;
        if (known.TryGetValue(text, out double best)) return best;
        int width = char.IsHighSurrogate(text[0]) ? 2 : 1;
        best = Unknown(scores) + Best(text[width..], tokens, scores, known);
        for (int id = 1; id < tokens.Count; id++)
            if (text.StartsWith(tokens[id], StringComparison.Ordinal)) best = Math.Max(best, scores[id] + Best(text[tokens[id].Length..], tokens, scores, known));
        return known[text] = best;
    }
}
