using Percheron.Evaluation.Pictures;
using Xunit;

namespace Percheron.Evaluation.Tests.Pictures;

public class CaptionVocabularyTests
{
    private static readonly CaptionVocabulary Vocabulary = CaptionVocabulary.Of(["A red circle.", "a blue square, left"]);

    [Fact]
    public void Words_are_sorted_and_lower_case() => Assert.Equal(["a", "blue", "circle", "left", "red", "square"], Vocabulary.Words);

    [Fact]
    public void Captions_become_ids_in_order_filled_up_or_cut()
    {
        Assert.Equal([2, 6, 4, 0, 0], Vocabulary.Encode("a red CIRCLE.", 5));
        Assert.Equal([2, 1], Vocabulary.Encode("a green circle", 2));
        Assert.Equal(8, Vocabulary.Count);
    }
}
