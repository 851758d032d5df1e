using System.Reflection;
using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Testing;

/// <summary>
/// The conformance suite: every drafter of a catalogue with every verifier, on toy models. It knows no method by name, so a new one, of this library or of a plug-in, is
/// checked without an edit.
/// </summary>
/// <remarks>Whoever writes a plug-in runs <see cref="Check"/> on each of <see cref="PairsOf"/> and shows the findings that are not <see cref="Finding.Ok"/>.</remarks>
public sealed class Conformance(Catalog catalog)
{
    /// <summary>Specs of all drafters: the examples of each, and of everything their options take.</summary>
    public IEnumerable<string> Drafters => catalog.Drafters.Concat(catalog.Parts).SelectMany(e => e.Examples).Distinct();

    /// <summary>Specs of all verifiers: the examples of each.</summary>
    public IEnumerable<string> Verifiers => catalog.Verifiers.SelectMany(e => e.Examples);

    /// <summary>Every drafter with every verifier.</summary>
    public IEnumerable<Pair> Pairs => Drafters.SelectMany(d => Verifiers.Select(v => Pair(d, v)));

    /// <summary>The pairs with a method of one assembly, a plug-in: its drafters with every verifier, and with its verifiers the first example of every other drafter.</summary>
    public IEnumerable<Pair> PairsOf(Assembly assembly)
    {
        string[] verifiers = [.. catalog.Verifiers.Where(e => e.Type.Assembly == assembly).SelectMany(e => e.Examples)];
        foreach (CatalogEntry drafter in catalog.Drafters)
        {
            if (drafter.Type.Assembly == assembly)
                foreach (Pair pair in drafter.Examples.SelectMany(d => Verifiers.Select(v => Pair(d, v)))) yield return pair;
            else
                foreach (string verifier in verifiers) yield return Pair(drafter.Examples[0], verifier);
        }
    }

    /// <summary>A pair by its specs.</summary>
    public Pair Pair(string drafter, string verifier) => new(drafter, verifier, host => catalog.Drafter(drafter, host), host => catalog.Verifier(verifier, host))
    {
        DraftsByModel = OwnsModel(Spec.Parse(drafter).Name),
    };

    /// <summary>Everything there is to check about a pair, except that its yield is the approved one.</summary>
    public static IReadOnlyList<Finding> Check(Pair pair) => [.. TextCheck.Run(pair), .. LawCheck.Run(pair), .. YieldCheck.Run(pair), .. OptionCheck.Run(pair), .. AllocationCheck.Run(pair)];

    /// <summary>Whether a lossy verifier is seen to be one: with some drafter of the catalogue its law is not the target's.</summary>
    public Finding Lossy(string verifier) => Finding.Of($"law, {verifier} is lossy", () =>
    {
        foreach (string drafter in Drafters)
            if (LawCheck.Differs(Pair(drafter, verifier))) return null;
        return "its law is the target's with every drafter: it may call itself lossless";
    });

    private bool OwnsModel(string name)
    {
        CatalogEntry entry = catalog.Drafters.First(e => e.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return entry.Type.GetConstructors()[0].GetParameters().Any(p => p.ParameterType == typeof(IModel) && p.Name != "target");
    }
}
