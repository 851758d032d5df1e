using System.Reflection;
using Percheron.Decoding;

namespace Percheron.Training.Recipes;

/// <summary>The recipes of this program, found by what they derive from.</summary>
public static class RecipeBook
{
    private static readonly Catalog Catalog = new(typeof(RecipeBook).Assembly);

    /// <summary>Their names.</summary>
    public static IEnumerable<string> Names => Catalog.Parts.Where(part => part.Kind == typeof(Recipe).GetCustomAttribute<MethodKindAttribute>()!.Name).Select(part => part.Name);

    /// <summary>Builds the recipe of a spec such as <c>medusa(heads=4)</c>.</summary>
    /// <exception cref="ArgumentException">There is none of this name, or it has no such options.</exception>
    public static Recipe Find(string spec)
    {
        try
        {
            return Catalog.Part<Recipe>(spec, new Nothing());
        }
        catch (SpecException error)
        {
            throw new ArgumentException($"--kind: {error.Message}", nameof(spec), error);
        }
    }

    // A recipe's options are plain values; what it works with comes with its job.
    private sealed class Nothing : ISpecHost
    {
        public object? Supply(Type type, string parameter, string? file) => null;
    }
}
