using Percheron.Evaluation.Speech;
using Xunit;

namespace Percheron.Evaluation.Tests.Speech;

public class DigitSplitTests
{
    [Fact]
    public void A_sixteenth_of_all_strings_is_held_out_and_no_single_digit()
    {
        Assert.DoesNotContain(Enumerable.Range(0, 10), d => DigitSplit.IsHeldOut([d]));
        int heldOut = Enumerable.Range(0, 10_000).Count(n => DigitSplit.IsHeldOut([n / 1000, n / 100 % 10, n / 10 % 10, n % 10]));
        Assert.InRange(heldOut, 560, 690);
    }
}
