namespace Percheron.Decoding;

/// <summary>Makes an abstract class a kind of method: the catalogue finds the classes derived from it, and options of its type take their specs.</summary>
/// <param name="name">What the kind is called, such as <c>drafter</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class MethodKindAttribute(string name) : Attribute
{
    /// <summary>What the kind is called.</summary>
    public string Name { get; } = name;

    /// <summary>End of the class names that names in specs leave out.</summary>
    public string Suffix { get; init; } = "";
}
