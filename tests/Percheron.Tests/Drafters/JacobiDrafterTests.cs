using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Planning;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Drafters;

public class JacobiDrafterTests
{
    [Fact]
    public void It_never_changes_the_text() => Toy.SaysWhatPlainDecodingSays(() => new JacobiDrafter());

    [Fact]
    public void Steady_steps_allocate_nothing() => Toy.AllocatesNothing(new JacobiDrafter(), 1);

    [Fact]
    public void Where_answers_do_not_depend_on_the_guess_all_of_it_is_right_after_one_round() => Assert.Equal((0, 5), Accepted(new JacobiDrafter(5), 0));

    // Accepted candidates of the first two steps over a target that always answers with the same law.
    internal static (int First, int Second) Accepted(Drafter drafter, float temperature)
    {
        var target = new ToyModel(vocab: 12, order: 0);
        Span<float> logits = stackalloc float[12];
        target.Logits([], logits);
        int answer = Sampler.ArgMax(logits);
        var decoder = new Decoder(target, drafter, new Coupled(), new DecoderOptions { Budget = new FixedBudget(16) });
        // No token of the text is the answer, so that the filling is wrong.
        var sequence = new Sequence([(answer + 1) % 12, (answer + 2) % 12], Toy.Options(temperature));
        decoder.Step([sequence]);
        int first = (int)decoder.Statistics.Accepted;
        decoder.Step([sequence]);
        return (first, (int)decoder.Statistics.Accepted - first);
    }
}
