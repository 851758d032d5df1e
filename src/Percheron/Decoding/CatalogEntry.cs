using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;

namespace Percheron.Decoding;

/// <summary>One method the catalogue knows: a drafter, a verifier, or what their options take, such as the shape of a tree.</summary>
public sealed class CatalogEntry
{
    // Constructors are all that is called by reflection; trimming keeps them where this stands.
    private const DynamicallyAccessedMemberTypes Called = DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.NonPublicConstructors;

    internal CatalogEntry([DynamicallyAccessedMembers(Called)] Type type)
    {
        Type = type;
        KindType = KindOf(type) ?? throw new SpecException($"{type.Name} is no kind of method");
        MethodKindAttribute kind = KindType.GetCustomAttribute<MethodKindAttribute>()!;
        Kind = kind.Name;
        MethodAttribute? attribute = type.GetCustomAttribute<MethodAttribute>();
        Name = attribute?.Name ?? Kebab(kind.Suffix.Length > 0 && type.Name.EndsWith(kind.Suffix, StringComparison.Ordinal) ? type.Name[..^kind.Suffix.Length] : type.Name);
        Source = attribute?.Source ?? "";
        Constructor = type.GetConstructors() is [var only, ..] ? only : throw new SpecException($"{type.Name} has no public constructor, so no spec can build it");
        Parameters = Constructor.GetParameters();
        DraftsBeside = attribute?.DraftsBeside ?? false;
        Examples = attribute is { Examples.Length: > 0 } ? attribute.Examples : [Name];
    }

    /// <summary>Its class.</summary>
    [DynamicallyAccessedMembers(Called)]
    public Type Type { get; }

    /// <summary>What kind of method it is: <c>drafter</c>, <c>verifier</c>, or the name of an option that takes it.</summary>
    public string Kind { get; }

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

    internal Type KindType { get; }

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

    internal static bool IsMethod(Type type) => KindOf(type) is not null;

    /// <summary>The abstract class that makes a type, or the type of an option, a kind of method; null if there is none.</summary>
    internal static Type? KindOf(Type? type)
    {
        while (type is not null && !type.IsDefined(typeof(MethodKindAttribute), inherit: false)) type = type.BaseType;
        return type;
    }
}
