using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;

namespace Percheron.Decoding;

/// <summary>One drafter or verifier the catalogue knows.</summary>
public sealed class CatalogEntry
{
    // Constructors are all that is called by reflection; trimming keeps them where this stands.
    private const DynamicallyAccessedMemberTypes Called = DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.NonPublicConstructors;

    internal CatalogEntry([DynamicallyAccessedMembers(Called)] Type type)
    {
        Type = type;
        MethodAttribute? attribute = type.GetCustomAttribute<MethodAttribute>();
        Name = attribute?.Name ?? NameOf(type);
        Source = attribute?.Source ?? "";
        Constructor = type.GetConstructors() is [var only, ..] ? only : throw new SpecException($"{type.Name} has no public constructor, so no spec can build it");
        Parameters = Constructor.GetParameters();
        DraftsBeside = attribute?.DraftsBeside ?? false;
        Examples = attribute is { Examples.Length: > 0 } ? attribute.Examples : [Name];
    }

    /// <summary>Its class.</summary>
    [DynamicallyAccessedMembers(Called)]
    public Type Type { get; }

    /// <summary>Its name in specs.</summary>
    public string Name { get; }

    /// <summary>Paper and section.</summary>
    public string Source { get; }

    /// <summary>Specs that show it; conformance and bench run them.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>Options with their defaults, such as <c>max=4</c>; an option without a default is just its name.</summary>
    public IReadOnlyList<string> Options => [.. Parameters.Where(p => !Supplied(p.ParameterType)).Select(p =>
        p.GetCustomAttribute<ParamArrayAttribute>() is not null ? Kebab(p.Name!) + "…" :
        p.HasDefaultValue && p.DefaultValue is { } value ? $"{Kebab(p.Name!)}={Text(value)}" : Kebab(p.Name!))];

    internal bool DraftsBeside { get; }

    internal ConstructorInfo Constructor { get; }

    internal ParameterInfo[] Parameters { get; }

    internal static string Text(object value) => value switch
    {
        bool b => b ? "true" : "false",
        Enum e => Kebab(e.ToString()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    internal static string Kebab(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString()));

    // What the host supplies when the spec does not: anything that is neither a plain value nor another method.
    internal static bool Supplied(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return !(type.IsPrimitive || type.IsEnum || type == typeof(string) || IsMethod(type) || (type.IsArray && !Supplied(type.GetElementType()!)));
    }

    internal static bool IsMethod(Type type) => typeof(Drafter).IsAssignableFrom(type) || typeof(Verifier).IsAssignableFrom(type);

    private static string NameOf(Type type)
    {
        string name = type.Name.EndsWith("Drafter", StringComparison.Ordinal) ? type.Name[..^7] : type.Name;
        return Kebab(name);
    }
}
