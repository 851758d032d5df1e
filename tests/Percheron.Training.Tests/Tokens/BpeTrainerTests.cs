using System.Text;
using Percheron.Training.Tests.Support;
using Percheron.Training.Tokens;
using Xunit;

namespace Percheron.Training.Tests.Tokens;

public class BpeTrainerTests
{
    [Fact]
    public void Merges_equal_counting_all_pairs_anew_each_time()
    {
        string[] texts = [.. Small.Documents.Select(document => document.Text), "aaaa aaa aa abab ababab"];
        Assert.Equal(Naive(texts, 60), BpeTrainer.Train(texts, BpeVocabulary.FirstMerge + 60).Merges);
    }

    [Fact]
    public void Too_little_text_is_refused() =>
        Assert.Contains("smaller", Assert.Throws<InvalidDataException>(() => BpeTrainer.Train(["ab"], 300)).Message, StringComparison.Ordinal);

    private static List<(int, int)> Naive(string[] texts, int count)
    {
        List<int[]> words = [];
        foreach (string text in texts)
            foreach (var word in PreTokenizer.Words(text))
                words.Add([.. Encoding.UTF8.GetBytes(text.Substring(word.Index, word.Length)).Select(b => b + BpeVocabulary.FirstByte)]);
        var merges = new List<(int, int)>();
        var spelled = new Dictionary<int, string>();
        for (int b = 0; b < 256; b++) spelled[b + BpeVocabulary.FirstByte] = ((char)b).ToString();
        while (merges.Count < count)
        {
            (int, int) pair = words.SelectMany(word => word.Zip(word.Skip(1)))
                .Where(candidate => !spelled.ContainsValue(spelled[candidate.First] + spelled[candidate.Second]))
                .GroupBy(candidate => candidate)
                .OrderByDescending(group => group.Count()).ThenBy(group => group.Key.First).ThenBy(group => group.Key.Second).First().Key;
            int token = BpeVocabulary.FirstMerge + merges.Count;
            merges.Add(pair);
            spelled[token] = spelled[pair.Item1] + spelled[pair.Item2];
            words = [.. words.Select(word => Join(word, pair, token))];
        }
        return merges;
    }

    private static int[] Join(int[] word, (int Left, int Right) pair, int token)
    {
        var joined = new List<int>();
        for (int i = 0; i < word.Length; i++)
        {
            bool here = i + 1 < word.Length && (word[i], word[i + 1]) == pair;
            joined.Add(here ? token : word[i]);
            if (here) i++;
        }
        return [.. joined];
    }
}
