using Percheron.Testing;
using Xunit;

namespace Percheron.Tests.Conformance;

/// <summary>Every verifier on proposals of forms that no drafter of the catalogue makes yet: text, law and allocation, as for the catalogue's pairs.</summary>
public class ProposalTests
{
    private static readonly ToyProposals.Form[] Forms = [ToyProposals.Form.TwoChains, ToyProposals.Form.ThreeChains, ToyProposals.Form.BestAndOne, ToyProposals.Form.Mixed];

    public static TheoryData<string, string> Pairs => [.. Forms.SelectMany(f => CatalogPairs.Suite.Verifiers.Select(v => (f.ToString(), v)))];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_verifier_gets_what_it_was_made_for(string form, string verifier)
    {
        Pair pair = CatalogPairs.Suite.Pair("none", verifier) with { Drafter = form, NewDrafter = _ => new ToyProposals(Enum.Parse<ToyProposals.Form>(form)) };
        CatalogPairs.Show([.. TextCheck.Run(pair), .. LawCheck.Run(pair, 3_000), .. AllocationCheck.Run(pair)]);
    }
}
