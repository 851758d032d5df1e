using System.Text;
using Percheron.Codecs;
using Percheron.Tests.Support;
using Xunit;

namespace Percheron.Tests.Codecs;

public sealed class StreamingDecoderTests
{
    [Theory]
    [InlineData("tokenizers/gguf/ggml-vocab-gpt-2.gguf")]
    [InlineData("tokenizers/gguf/ggml-vocab-phi-3.gguf")]
    [InlineData("tokenizers/gguf/ggml-vocab-refact.gguf")]
    [InlineData("stories260k/stories260k-f32.gguf")]
    public void Joined_pieces_are_the_decoded_text(string vocabulary)
    {
        Tokenizer tokenizer = VocabularyVectorsTests.Read(SharedData.Require(vocabulary));
        Random random = new(7);
        for (int round = 0; round < 3000; round++)
        {
            int[] ids = new int[random.Next(1, 24)];
            for (int i = 0; i < ids.Length; i++) ids[i] = random.Next(round % 2 == 0 ? tokenizer.VocabularySize : Math.Min(tokenizer.VocabularySize, 300));
            bool skipSpecial = random.Next(2) == 0, continues = random.Next(2) == 0;
            StreamingDecoder decoder = new(tokenizer, skipSpecial, continues);
            StringBuilder joined = new();
            foreach (int id in ids)
            {
                string piece = decoder.Append(id);
                Assert.False(piece.Length > 0 && (char.IsLowSurrogate(piece[0]) || char.IsHighSurrogate(piece[^1])));
                joined.Append(piece);
            }
            joined.Append(decoder.Flush());
            Assert.Equal(Expected(tokenizer, ids, skipSpecial, continues), joined.ToString());
            Assert.Equal(joined.ToString(), tokenizer.Decode(ids, skipSpecial, continues));
        }
    }

    [Fact]
    public void Characters_cut_across_tokens_come_out_whole()
    {
        Tokenizer tokenizer = VocabularyVectorsTests.Read(SharedData.Require("tokenizers/gguf/ggml-vocab-gpt-2.gguf"));
        const string Text = "🦙 កាន់តែ 😶‍🌫️ ½";
        StreamingDecoder decoder = new(tokenizer);
        List<string> pieces = [];
        foreach (int id in tokenizer.Encode(Text)) pieces.Add(decoder.Append(id));
        Assert.Equal("", decoder.Flush());
        Assert.Equal(Text, string.Concat(pieces));
        Assert.Contains("", pieces);
        Assert.DoesNotContain(pieces, piece => piece.Contains('\uFFFD'));
    }

    [Fact]
    public void An_incomplete_character_becomes_a_replacement_at_the_end()
    {
        Tokenizer tokenizer = VocabularyVectorsTests.Read(SharedData.Require("tokenizers/gguf/ggml-vocab-gpt-2.gguf"));
        int[] ids = tokenizer.Encode("🦙");
        StreamingDecoder decoder = new(tokenizer);
        foreach (int id in ids[..^1]) Assert.Equal("", decoder.Append(id));
        Assert.Equal("\uFFFD", decoder.Flush());
        Assert.Equal("", decoder.Flush());
    }

    private static string Expected(Tokenizer tokenizer, int[] ids, bool skipSpecial, bool continues)
    {
        List<byte> bytes = [];
        foreach (int id in ids)
            if (!skipSpecial || !tokenizer.IsSpecial(id)) bytes.AddRange(tokenizer.Piece(id));
        int first = Array.FindIndex(ids, id => !(skipSpecial && tokenizer.IsSpecial(id)) && tokenizer.Piece(id).Length > 0);
        bool strips = tokenizer.StripsLeadingSpace && !continues && first >= 0 && !tokenizer.IsSpecial(ids[first]) && bytes[0] == ' ';
        return Encoding.UTF8.GetString([.. strips ? bytes.Skip(1) : bytes]);
    }
}
