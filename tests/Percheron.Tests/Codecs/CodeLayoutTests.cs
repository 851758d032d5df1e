using Percheron.Codecs;
using Percheron.Formats;
using Xunit;

namespace Percheron.Tests.Codecs;

public class CodeLayoutTests
{
    private static readonly CodeLayout Picture = new() { Kind = CodeLayout.Image, First = 512, Count = 256, Begin = 510, Blank = 511, Width = 16, Height = 16, Guidance = 2.5f };

    private static readonly CodeLayout Voice = new() { Kind = CodeLayout.Speech, First = 300, Count = 64, Books = 4, Begin = 290, Blank = 291 };

    [Fact]
    public void What_is_written_is_read()
    {
        Assert.Equal(Picture, CodeLayout.Read(File(Picture)));
        Assert.Equal(Voice, CodeLayout.Read(File(Voice)));
    }

    [Fact]
    public void A_model_of_text_has_none()
    {
        using GgufFile file = GgufFile.InMemory("text.gguf", new GgufWriter());
        Assert.Null(CodeLayout.Read(file));
    }

    [Fact]
    public void Ids_and_codes_are_each_others_inverse()
    {
        for (int token = Voice.First; token < Voice.End; token++)
        {
            (int book, int code) = Voice.Code(token);
            Assert.Equal(token, Voice.Token(book, code));
        }
        Assert.Equal(300 + 256, Voice.End);
        Assert.False(Voice.IsCode(299) || Voice.IsCode(556));
        Assert.Throws<ArgumentOutOfRangeException>(() => Voice.Code(299));
        Assert.Throws<ArgumentOutOfRangeException>(() => Voice.Token(4, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Voice.Token(0, 64));
    }

    [Fact]
    public void The_condition_is_what_stands_below_the_codes_but_for_the_marks()
    {
        Assert.True(Picture.IsCondition(1) && Picture.IsCondition(509) && Picture.IsCondition(Picture.Blank));
        Assert.False(Picture.IsCondition(0) || Picture.IsCondition(Picture.Begin) || Picture.IsCondition(512));
    }

    public static TheoryData<string> Impossible() => [nameof(CodeLayout.First), nameof(CodeLayout.Count), nameof(CodeLayout.Books), nameof(CodeLayout.Begin), nameof(CodeLayout.Blank), nameof(CodeLayout.Width), nameof(CodeLayout.Guidance), nameof(CodeLayout.Kind)];

    [Theory]
    [MemberData(nameof(Impossible))]
    public void A_layout_that_is_not_possible_is_refused(string field)
    {
        CodeLayout wrong = field switch
        {
            nameof(CodeLayout.First) => Picture with { First = 0 },
            nameof(CodeLayout.Count) => Picture with { Count = int.MaxValue },
            nameof(CodeLayout.Books) => Voice with { Books = 65 },
            nameof(CodeLayout.Begin) => Picture with { Begin = 512 },
            nameof(CodeLayout.Blank) => Picture with { Blank = Picture.Begin },
            nameof(CodeLayout.Width) => Picture with { Width = 0 },
            nameof(CodeLayout.Guidance) => Picture with { Guidance = float.NaN },
            _ => Picture with { Kind = "smell" },
        };
        Assert.Throws<ModelFormatException>(() => CodeLayout.Read(File(wrong)));
    }

    private static GgufFile File(CodeLayout layout)
    {
        var writer = new GgufWriter();
        layout.Write(writer);
        return GgufFile.InMemory("codes.gguf", writer);
    }
}
