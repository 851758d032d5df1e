namespace Percheron.Decoding;

/// <summary>What the catalogue cannot read off a drafter's or verifier's constructor.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class MethodAttribute : Attribute
{
    /// <summary>Name in specs, where the rule (kebab case of the class name without its suffix) cannot give it.</summary>
    public string? Name { get; init; }

    /// <summary>Paper and section the method follows.</summary>
    public required string Source { get; init; }

    /// <summary>Specs that help, bench and conformance use, for a class whose options lack defaults.</summary>
    public string[] Examples { get; init; } = [];

    /// <summary>Whether the methods given to it run beside the target: the host then supplies them by <see cref="ISpecHost.Beside"/>.</summary>
    public bool DraftsBeside { get; init; }
}
