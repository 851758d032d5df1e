using System.Text;
using System.Text.RegularExpressions;
using Percheron.Training.Tests.Support;
using Percheron.Training.Tokens;
using Xunit;

namespace Percheron.Training.Tests.Tokens;

public class BpeVocabularyTests
{
    private static readonly string[] Samples =
    [
        "M:Acme.Tool7.Open(System.Int32)\n/// <summary>Opens tool number 7 of 49.</summary>\n",
        "It's  a\ttool, isn't it?\n\n  Opens  ", "Ünïcödé – 日本語 🐎 tool", "", "Tool12", " 3.14",
    ];

    [Fact]
    public void Encoding_equals_merging_strings_by_rank()
    {
        BpeVocabulary vocabulary = Small.Vocabulary();
        Dictionary<(string, string), int> ranks = vocabulary.Merges.Select((merge, rank) => (merge, rank))
            .ToDictionary(pair => (vocabulary.Spelling(pair.merge.Left), vocabulary.Spelling(pair.merge.Right)), pair => pair.rank);
        foreach (string sample in Samples)
        {
            var ids = new List<int>();
            vocabulary.Encode(sample, ids);
            Assert.Equal(Naive(sample, ranks), ids.Select(vocabulary.Spelling));
            Assert.Equal(sample, vocabulary.Decode(ids));
        }
    }

    [Fact]
    public void Spellings_are_distinct_and_merges_join_them()
    {
        BpeVocabulary vocabulary = Small.Vocabulary();
        Assert.Equal(300, vocabulary.Count);
        Assert.Equal(300, Enumerable.Range(0, 300).Select(vocabulary.Spelling).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("<|endoftext|>", vocabulary.Spelling(0));
        Assert.Equal("Ġ", vocabulary.Spelling(BpeVocabulary.FirstByte + ' '));
        for (int i = 0; i < vocabulary.Merges.Count; i++)
            Assert.Equal(vocabulary.Spelling(vocabulary.Merges[i].Left) + vocabulary.Spelling(vocabulary.Merges[i].Right), vocabulary.Spelling(BpeVocabulary.FirstMerge + i));
    }

    [Fact]
    public void Survives_saving()
    {
        BpeVocabulary vocabulary = Small.Vocabulary();
        string path = Path.GetTempFileName();
        vocabulary.Save(path);
        Assert.Equal(vocabulary.Merges, BpeVocabulary.Load(path).Merges);
        File.WriteAllText(path, "1 2\n3 900\n");
        Assert.Contains("line 2", Assert.Throws<InvalidDataException>(() => BpeVocabulary.Load(path)).Message, StringComparison.Ordinal);
        File.Delete(path);
    }

    private static List<string> Naive(string text, Dictionary<(string, string), int> ranks)
    {
        var tokens = new List<string>();
        foreach (Match word in Regex.Matches(text, @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"))
        {
            List<string> parts = [.. ByteSpelling.Spell(Encoding.UTF8.GetBytes(word.Value)).Select(c => c.ToString())];
            while (true)
            {
                (int rank, int at) = Enumerable.Range(0, Math.Max(0, parts.Count - 1)).Select(i => (ranks.GetValueOrDefault((parts[i], parts[i + 1]), int.MaxValue), i)).DefaultIfEmpty((int.MaxValue, 0)).Min();
                if (rank == int.MaxValue) break;
                parts[at] += parts[at + 1];
                parts.RemoveAt(at + 1);
            }
            tokens.AddRange(parts);
        }
        return tokens;
    }
}
