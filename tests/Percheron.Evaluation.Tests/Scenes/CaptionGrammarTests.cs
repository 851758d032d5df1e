using Percheron.Evaluation.Scenes;
using Xunit;

namespace Percheron.Evaluation.Tests.Scenes;

public class CaptionGrammarTests
{
    [Fact]
    public void Every_caption_is_read_back_in_every_form()
    {
        var generator = new SceneGenerator(3);
        for (int i = 0; i < 400; i++)
        {
            SceneCaption caption = generator.Train(i).Caption;
            for (int form = 0; form < CaptionGrammar.Forms; form++)
            {
                string text = CaptionGrammar.Write(caption, form);
                Assert.True(CaptionGrammar.TryRead(text, out SceneCaption read, out string problem), $"{text}: {problem}");
                Assert.Equal(caption, read);
            }
        }
    }

    [Theory]
    [InlineData("a red circle above a blue square", "a red circle above a blue square")]
    [InlineData("A small red circle is to the left of a large blue square, on a gray background.", "a small red circle left of a large blue square on a grey background")]
    [InlineData("an orange cross", "an orange cross")]
    [InlineData("draw the big green diamond in the center with a black background", "a large green diamond in the centre on a black background")]
    public void Captions_mean_what_they_say(string text, string plain)
    {
        Assert.True(CaptionGrammar.TryRead(text, out SceneCaption caption, out string problem), problem);
        Assert.Equal(plain, CaptionGrammar.Write(caption, 0));
    }

    [Theory]
    [InlineData("a red dog", "a shape is expected")]
    [InlineData("a square", "a colour is expected")]
    [InlineData("", "a colour is expected")]
    [InlineData("a red square on a wooden table", "the background is")]
    [InlineData("a red square and", "a colour is expected")]
    [InlineData("a red square above a blue circle above a green cross", "is not understood")]
    public void What_scenes_do_not_have_is_refused_with_a_reason(string text, string reason)
    {
        Assert.False(CaptionGrammar.TryRead(text, out _, out string problem));
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }
}
