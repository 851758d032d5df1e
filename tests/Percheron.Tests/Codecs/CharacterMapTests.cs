using System.Buffers.Binary;
using System.Text;
using Percheron.Codecs;
using Percheron.Formats;
using Percheron.Tests.Formats;
using Xunit;

namespace Percheron.Tests.Codecs;

public sealed class CharacterMapTests
{
    private static readonly (string From, string To)[] Entries = [("A", "a"), ("AB", "x"), ("ﬁ", "fi"), ("\u00A0", " "), ("\u200B", ""), ("é", "e"), ("e\u0301", "e")];

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("ABA", "xa")]
    [InlineData("AAB", "ax")]
    [InlineData("ﬁé\u00A0中🦙", "fie 中🦙")]
    [InlineData("a\u200Bb", "ab")]
    [InlineData("e\u0301e\u0302", "ee\u0302")]
    [InlineData("", "")]
    public void The_longest_prefix_is_replaced(string text, string expected) => Assert.Equal(expected, CharacterMap.TryRead(Compile(Entries))!.Apply(text));

    [Fact]
    public void Damaged_maps_are_refused_or_harmless()
    {
        byte[] map = Compile(Entries);
        Random random = new(4);
        for (int round = 0; round < 5000; round++)
        {
            byte[] damaged = map[..random.Next(map.Length + 1)];
            for (int i = 0; i < 20 && damaged.Length > 0; i++) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            _ = CharacterMap.TryRead(damaged)?.Apply("ABA ﬁé\u00A0中🦙");
        }
    }

    [Fact]
    public void A_unigram_vocabulary_in_gguf_is_normalized_first()
    {
        GgufWriter writer = new();
        writer.Add("tokenizer.ggml.model", "t5");
        writer.Add("tokenizer.ggml.tokens", new[] { "<pad>", "</s>", "<unk>", "▁", "a", "▁a", "▁fi", "f", "i", "b" });
        writer.Add("tokenizer.ggml.scores", new float[] { 0, 0, 0, -2, -3, -2.5f, -3.5f, -4, -4, -5 });
        writer.Add("tokenizer.ggml.token_type", new[] { 3, 3, 2, 1, 1, 1, 1, 1, 1, 1 });
        writer.Add("tokenizer.ggml.precompiled_charsmap", Compile(Entries));
        writer.Add("tokenizer.ggml.remove_extra_whitespaces", true);
        writer.Add("tokenizer.ggml.add_space_prefix", true);
        using TemporaryFile temporary = new(writer);
        using GgufFile file = GgufFile.Open(temporary.Path);
        Tokenizer tokenizer = Tokenizer.FromGguf(file);
        Assert.Equal([5, 6, 9, 3, 2, 1], tokenizer.Encode("  A\u00A0 ﬁb zq "));
        Assert.Equal("a fib ", tokenizer.Decode(tokenizer.Encode("A ﬁb z")));
        Assert.Empty(tokenizer.Encode("   ", addSpecial: false));
    }

    /// <summary>Lays out a double array the plain way: each node takes the first place where its children fit.</summary>
    private static byte[] Compile((string From, string To)[] entries)
    {
        uint[] units = new uint[1 << 14];
        bool[] used = new bool[units.Length];
        used[0] = true;
        HashSet<int> starts = [];
        List<byte> replacements = [];
        Place(0, [.. entries.Select(entry => (Encoding.UTF8.GetBytes(entry.From), entry.To))], 0);
        byte[] map = new byte[4 + units.Length * 4 + replacements.Count];
        BinaryPrimitives.WriteInt32LittleEndian(map, units.Length * 4);
        for (int i = 0; i < units.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(map.AsSpan(4 + i * 4), units[i]);
        replacements.CopyTo(map, 4 + units.Length * 4);
        return map;

        void Place(int node, (byte[] From, string To)[] below, int depth)
        {
            byte[] labels = [.. below.Select(entry => entry.From.Length == depth ? (byte)0 : entry.From[depth]).Distinct()];
            int start = 1;
            // Two nodes must not share a start, or one would find the other's children.
            while (!starts.Add(start) || labels.Any(label => used[start ^ label])) start++;
            foreach (byte label in labels) used[start ^ label] = true;
            units[node] |= (uint)(node ^ start) << 10 | (labels.Contains((byte)0) ? 1u << 8 : 0);
            foreach (byte label in labels)
            {
                if (label == 0)
                {
                    units[start] = 1u << 31 | (uint)replacements.Count;
                    replacements.AddRange([.. Encoding.UTF8.GetBytes(below.Single(entry => entry.From.Length == depth).To), 0]);
                    continue;
                }
                units[start ^ label] = label;
                Place(start ^ label, [.. below.Where(entry => entry.From.Length > depth && entry.From[depth] == label)], depth + 1);
            }
        }
    }
}
