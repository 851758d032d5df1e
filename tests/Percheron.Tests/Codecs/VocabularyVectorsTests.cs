using Percheron.Codecs;
using Percheron.Formats;
using Percheron.Tests.Support;
using Xunit;

namespace Percheron.Tests.Codecs;

/// <summary>Every vocabulary at hand that has expected ids beside it gives exactly those ids.</summary>
public sealed class VocabularyVectorsTests
{
    private const string Separator = "\n__ggml_vocab_test__\n";

    [Fact]
    public void Every_vocabulary_gives_the_expected_ids()
    {
        string folder = SharedData.Require("tokenizers/gguf");
        int vocabularies = 0;
        foreach (string path in Directory.GetFiles(folder, "*.gguf").Order(StringComparer.Ordinal))
        {
            if (!File.Exists(path + ".out") || path.Contains("bert", StringComparison.Ordinal)) continue;
            Tokenizer tokenizer = Read(path);
            (string Text, int[] Ids)[] vectors = Vectors(path);
            foreach ((string text, int[] ids) in vectors)
            {
                int[] actual = tokenizer.Encode(text, addSpecial: false, parseSpecial: false);
                Assert.True(ids.SequenceEqual(actual), $"{Path.GetFileName(path)}: '{text}' gave {string.Join(' ', actual)}, expected {string.Join(' ', ids)}");
                Assert.Equal(text, tokenizer.Decode(actual));
            }
            vocabularies++;
        }
        Assert.True(vocabularies >= 3);
    }

    internal static Tokenizer Read(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        return Tokenizer.FromGguf(file);
    }

    /// <summary>The 46 texts and their ids.</summary>
    internal static (string Text, int[] Ids)[] Vectors(string path)
    {
        string[] texts = File.ReadAllText(path + ".inp").Split(Separator);
        string[] lines = File.ReadAllText(path + ".out").TrimEnd('\n').Split('\n');
        // The last text is followed by a separator too.
        Assert.Equal(texts.Length - 1, lines.Length);
        return [.. lines.Select((line, i) => (texts[i], line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToArray()))];
    }
}
