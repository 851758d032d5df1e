using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;

namespace Percheron.Decoding;

/// <summary>
/// Builds drafters and verifiers from text such as <c>fallback(suffix, model(@draft.gguf, depth=5))</c>. Names come from class names, options from constructor
/// parameters: a new method is one new class and no edit here.
/// </summary>
public sealed class Catalog
{
    private readonly Dictionary<Type, Dictionary<string, CatalogEntry>> _kinds = new()
    {
        [typeof(Drafter)] = new(StringComparer.OrdinalIgnoreCase), [typeof(Verifier)] = new(StringComparer.OrdinalIgnoreCase),
    };

    /// <summary>The methods of this library.</summary>
    public Catalog() => AddOwn();

    /// <summary>The methods of this library and of <paramref name="plugins"/>.</summary>
    /// <exception cref="SpecException">Two classes have one name.</exception>
    [RequiresUnreferencedCode("Trimming keeps what is named somewhere, and nobody names a plugin's methods. Its assembly has to be rooted.")]
    public Catalog(params ReadOnlySpan<Assembly> plugins)
    {
        AddOwn();
        foreach (Assembly plugin in plugins) if (plugin != typeof(Catalog).Assembly) Add(plugin);
    }

    /// <summary>Known drafters by name.</summary>
    public IEnumerable<CatalogEntry> Drafters => Sorted(_kinds[typeof(Drafter)]);

    /// <summary>Known verifiers by name.</summary>
    public IEnumerable<CatalogEntry> Verifiers => Sorted(_kinds[typeof(Verifier)]);

    /// <summary>What options of drafters and verifiers take, such as shapes of trees, by kind and name.</summary>
    public IEnumerable<CatalogEntry> Parts =>
        _kinds.Where(k => k.Key != typeof(Drafter) && k.Key != typeof(Verifier)).SelectMany(k => Sorted(k.Value)).OrderBy(e => e.Kind, StringComparer.Ordinal);

    /// <summary>Builds a drafter.</summary>
    /// <exception cref="SpecException">The spec names nothing known, has wrong options, or lacks something the host cannot supply.</exception>
    public Drafter Drafter(string spec, ISpecHost host) => (Drafter)Build(Spec.Parse(spec), typeof(Drafter), host);

    /// <summary>Builds a verifier.</summary>
    /// <exception cref="SpecException">The spec names nothing known, has wrong options, or lacks something the host cannot supply.</exception>
    public Verifier Verifier(string spec, ISpecHost host) => (Verifier)Build(Spec.Parse(spec), typeof(Verifier), host);

    /// <summary>Builds what an option takes, or a method of a kind that a plugin has brought.</summary>
    /// <typeparam name="T">The kind: an abstract class with a <see cref="MethodKindAttribute"/>.</typeparam>
    /// <exception cref="SpecException">The spec names nothing known, has wrong options, or lacks something the host cannot supply.</exception>
    public T Part<T>(string spec, ISpecHost host)
        where T : class => (T)Build(Spec.Parse(spec), typeof(T), host);

    /// <summary>
    /// What a drafter or verifier, and all that it is made of, would ask the host for; nothing is built, so that what it takes can be added up before anything is loaded. Unknown names ask for
    /// nothing: what is wrong with a spec is told where it is built.
    /// </summary>
    /// <param name="spec">The spec.</param>
    /// <param name="kind"><see cref="Decoding.Drafter"/>, <see cref="Decoding.Verifier"/> or another kind of method.</param>
    /// <exception cref="SpecException">The text is not a spec.</exception>
    public IReadOnlyList<SpecNeed> Needs(string spec, Type kind)
    {
        List<SpecNeed> needs = [];
        Gather(Spec.Parse(spec), kind, needs);
        return needs;
    }

    private static IEnumerable<CatalogEntry> Sorted(Dictionary<string, CatalogEntry> kind) => kind.Values.OrderBy(e => e.Name, StringComparer.Ordinal);

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "ILLink.Descriptors.xml, embedded in this assembly, keeps all its drafters and verifiers.")]
    private void AddOwn() => Add(typeof(Catalog).Assembly);

    [RequiresUnreferencedCode("Looks for types that nobody names.")]
    private void Add(Assembly assembly)
    {
        foreach (Type type in assembly.GetExportedTypes())
        {
            if (type.IsAbstract || !CatalogEntry.IsMethod(type)) continue;
            var entry = new CatalogEntry(type);
            if (!_kinds.TryGetValue(entry.KindType, out Dictionary<string, CatalogEntry>? map)) _kinds.Add(entry.KindType, map = new(StringComparer.OrdinalIgnoreCase));
            if (!map.TryAdd(entry.Name, entry)) throw new SpecException($"two classes are called '{entry.Name}': {map[entry.Name].Type} and {type}");
        }
    }

    private void Gather(Spec spec, Type kind, List<SpecNeed> needs)
    {
        if (spec.IsFile || !_kinds.TryGetValue(kind, out Dictionary<string, CatalogEntry>? map) || !map.TryGetValue(spec.Name, out CatalogEntry? entry)) return;
        ParameterInfo[] parameters = entry.Parameters;
        var given = new bool[parameters.Length];
        foreach ((string? option, Spec value) in spec.Arguments)
        {
            int at = Find(parameters, given, option, value);
            if (at < 0) continue;
            ParameterInfo parameter = parameters[at];
            given[at] = !IsRest(parameter);
            Type type = IsRest(parameter) ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
            if (CatalogEntry.KindOf(type) is { } inner) Gather(value, inner, needs);
            else if (CatalogEntry.Supplied(type) && value.IsFile) needs.Add(new SpecNeed(type, parameter.Name!, value.Name));
        }
        for (int i = 0; i < parameters.Length; i++)
            if (!given[i] && !IsRest(parameters[i]) && CatalogEntry.Supplied(parameters[i].ParameterType)) needs.Add(new SpecNeed(parameters[i].ParameterType, parameters[i].Name!, null));
    }

    private object Build(Spec spec, Type kind, ISpecHost host)
    {
        CatalogEntry? entry = null;
        if (spec.IsFile || !_kinds.TryGetValue(kind, out Dictionary<string, CatalogEntry>? map) || !map.TryGetValue(spec.Name, out entry))
            throw new SpecException($"unknown {kind.GetCustomAttribute<MethodKindAttribute>()!.Name} '{spec.Name}'; known: {string.Join(", ", Sorted(_kinds.GetValueOrDefault(kind, [])).Select(e => e.Name))}");
        object?[] values = Bind(entry, spec, host);
        try
        {
            return entry.Constructor.Invoke(values);
        }
        catch (TargetInvocationException e) when (e.InnerException is ArgumentException inner)
        {
            // The framework appends the parameter's name, which is not how a spec spells it.
            int suffix = inner.Message.IndexOf(" (Parameter '", StringComparison.Ordinal);
            throw new SpecException($"{entry.Name}: {(suffix < 0 ? inner.Message : inner.Message[..suffix])}");
        }
    }

    private object?[] Bind(CatalogEntry entry, Spec spec, ISpecHost host)
    {
        if (entry.DraftsBeside) host = host.Beside;
        ParameterInfo[] parameters = entry.Parameters;
        var values = new object?[parameters.Length];
        var given = new bool[parameters.Length];
        var rest = new List<Spec>();
        foreach ((string? option, Spec value) in spec.Arguments)
        {
            int at = Find(parameters, given, option, value);
            if (at < 0) throw new SpecException(option is null ? $"{entry.Name} takes no value '{value}'; its options: {Options(entry)}" : $"{entry.Name} has no option '{option}'; its options: {Options(entry)}");
            if (IsRest(parameters[at]) && option is null)
            {
                rest.Add(value);
                continue;
            }
            if (given[at]) throw new SpecException($"{entry.Name}: option '{CatalogEntry.Kebab(parameters[at].Name!)}' is given twice");
            (values[at], given[at]) = (Value(value, parameters[at].ParameterType, parameters[at].Name!, entry, host), true);
        }
        for (int i = 0; i < parameters.Length; i++)
            if (!given[i]) values[i] = IsRest(parameters[i]) ? RestArray(rest, parameters[i], entry, host) : Default(parameters[i], entry, host);
        return values;
    }

    private static int Find(ParameterInfo[] parameters, bool[] given, string? option, Spec value) =>
        option is null ? NextPositional(parameters, given, value) : Array.FindIndex(parameters, p => CatalogEntry.Kebab(p.Name!) == option || p.Name == option);

    // A file fills the first open parameter the host serves; anything else the first open one that takes a value of its kind.
    private static int NextPositional(ParameterInfo[] parameters, bool[] given, Spec value)
    {
        for (int i = 0; i < parameters.Length; i++)
            if (!given[i] && value.IsFile == CatalogEntry.Supplied(parameters[i].ParameterType)) return i;
        return -1;
    }

    private object? Default(ParameterInfo parameter, CatalogEntry entry, ISpecHost host)
    {
        if (CatalogEntry.Supplied(parameter.ParameterType) && host.Supply(parameter.ParameterType, parameter.Name!, null) is { } supplied) return supplied;
        if (parameter.HasDefaultValue) return parameter.DefaultValue;
        throw new SpecException(CatalogEntry.Supplied(parameter.ParameterType)
            ? $"{entry.Name} needs a {parameter.Name}: give one as @file"
            : $"{entry.Name} needs '{CatalogEntry.Kebab(parameter.Name!)}', as in {entry.Examples[0]}");
    }

    private object Value(Spec spec, Type type, string parameter, CatalogEntry entry, ISpecHost host)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (CatalogEntry.IsMethod(type)) return Build(spec, CatalogEntry.KindOf(type)!, host);
        if (CatalogEntry.Supplied(type))
        {
            if (!spec.IsFile) throw new SpecException($"{entry.Name}: '{CatalogEntry.Kebab(parameter)}' is a file, written @{spec.Name}");
            return host.Supply(type, parameter, spec.Name) ?? throw new SpecException($"{entry.Name}: nothing here can read '{spec.Name}' as {parameter}");
        }
        try
        {
            if (spec.Arguments.Count > 0) throw new FormatException();
            // By name only: Enum.Parse would take any number too, even one that has no name.
            if (type.IsEnum) return Enum.Parse(type, Enum.GetNames(type).FirstOrDefault(name => name.Equals(spec.Name.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)) ?? throw new FormatException());
            return Convert.ChangeType(spec.Name, type, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is FormatException or OverflowException or InvalidCastException or ArgumentException)
        {
            string expected = type.IsEnum ? "one of " + string.Join(", ", Enum.GetNames(type).Select(CatalogEntry.Kebab)) : type == typeof(int) ? "a whole number" : type == typeof(bool) ? "true or false" : "a number";
            throw new SpecException($"{entry.Name}: '{CatalogEntry.Kebab(parameter)}' takes {expected}, not '{spec}'");
        }
    }

    private Array RestArray(List<Spec> rest, ParameterInfo parameter, CatalogEntry entry, ISpecHost host)
    {
        Type element = parameter.ParameterType.GetElementType()!;
        var array = Array.CreateInstanceFromArrayType(parameter.ParameterType, rest.Count);
        for (int i = 0; i < rest.Count; i++) array.SetValue(Value(rest[i], element, parameter.Name!, entry, host), i);
        return array;
    }

    private static bool IsRest(ParameterInfo parameter) => parameter.GetCustomAttribute<ParamArrayAttribute>() is not null && parameter.ParameterType.IsArray;

    private static string Options(CatalogEntry entry) => entry.Options.Count == 0 ? "none" : string.Join(", ", entry.Options);
}
