using Percheron.Decoding;
using Percheron.Models;
using Percheron.Training.Nets;

namespace Percheron.Training.Recipes;

/// <summary>
/// How the network of one trained drafter is made. <c>percheron-train head --kind NAME</c> finds the classes derived from this as the catalogue finds drafters: the name is the
/// class's without <c>Recipe</c>, in kebab case, and the constructor's parameters are its options, as in <c>medusa(heads=4)</c>.
/// </summary>
/// <remarks>
/// A new trained drafter is three files here and one folder's worth in the library: its network (<c>Nets/XNet.cs</c>, a <see cref="Net"/>), its objective
/// (<c>Objectives/X.cs</c>, an <see cref="Runs.IObjective{TNet}"/>) and its recipe (<c>Recipes/XRecipe.cs</c>, a <see cref="HeadRecipe{TNet}"/>). Nothing else is edited.
/// </remarks>
[MethodKind("recipe", Suffix = "Recipe")]
public abstract class Recipe
{
    /// <summary>Numbers of the target's hidden states that the objective reads; none where it reads documents alone. <see cref="TargetHead.LastState"/> gives the target's law.</summary>
    public abstract IReadOnlyList<int> States(LlamaShape target);

    /// <summary>The drafter that uses an exported file, for measuring.</summary>
    public abstract Drafter Drafter(Transformer target, string path);

    /// <summary>The spec of the same drafter, for people: <c>medusa(@path)</c>.</summary>
    public abstract string Spec(string path);

    /// <summary>The target that was trained together with an exported file and lies beside it; null where the target stayed as it was.</summary>
    public virtual string? ChangedTarget(string path) => null;

    /// <summary>Trains and writes <see cref="RecipeJob.Output"/>; 0, or 130 where it was stopped before its end.</summary>
    public abstract int Train(RecipeJob job);
}
