using System.Text.Json;
using Percheron.Testing;
using Percheron.Tests.Support;
using Xunit;

namespace Percheron.Tests.Conformance;

/// <summary>
/// The accepted length of every drafter with every verifier is the number in approved-yield.json. A change that means to move one, or a new method, runs these tests with
/// PERCHERON_APPROVE=1 and commits the file.
/// </summary>
public class ApprovedYieldTests
{
    private static readonly string ApprovedFile = Repository.At("tests", "Percheron.Tests", "Conformance", "approved-yield.json");

    [Fact]
    public void Accepted_lengths_are_the_approved_ones()
    {
        var measured = new SortedDictionary<string, Yield>(StringComparer.Ordinal);
        foreach (Pair pair in CatalogPairs.Suite.Pairs) measured[pair.ToString()] = YieldCheck.Measure(pair);
        if (Repository.Approve) File.WriteAllText(ApprovedFile, Write(measured));

        Dictionary<string, Yield> approved = JsonSerializer.Deserialize<Dictionary<string, Yield>>(File.ReadAllText(ApprovedFile))!;
        var wrong = new List<string>();
        foreach ((string pair, Yield yield) in measured)
        {
            if (!approved.TryGetValue(pair, out Yield? expected)) wrong.Add($"{pair}: {yield} is not approved; PERCHERON_APPROVE=1 does");
            else if (yield.Differs(expected) is { } differs) wrong.Add($"{pair}: {differs}");
        }
        wrong.AddRange(approved.Keys.Where(k => !measured.ContainsKey(k)).Select(k => $"{k} is approved and does not exist"));
        Assert.Empty(wrong);
    }

    // One line for each pair, so that a difference reads well.
    private static string Write(SortedDictionary<string, Yield> yields) =>
        "{\n" + string.Join(",\n", yields.Select(y => $"  {JsonSerializer.Serialize(y.Key)}: {JsonSerializer.Serialize(y.Value)}")) + "\n}\n";
}
