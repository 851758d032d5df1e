using Percheron.Decoding;
using Percheron.Models;
using Percheron.Models.Heads;

namespace Percheron.Cli.Tests.Support;

/// <summary>The examples of the drafters that can run here: one that needs a trained file has to find it beside the embedded target.</summary>
internal static class Examples
{
    /// <summary>What drafters write of themselves.</summary>
    /// <param name="models">Where the embedded models are; null where another target runs, for which nothing was trained.</param>
    public static IEnumerable<string> Of(string? models) => new Catalog().Drafters.Where(drafter => Trained(drafter).All(name => models is not null && File.Exists(Path.Combine(models, $"percheron-docs-{name}.gguf")))).SelectMany(drafter => drafter.Examples);

    private static IEnumerable<string> Trained(CatalogEntry drafter) =>
        drafter.Type.GetConstructors()[0].GetParameters().Where(parameter => !parameter.HasDefaultValue && (HeadFile.MayHold(parameter.ParameterType) || parameter.ParameterType == typeof(ParallelModel))).Select(parameter => parameter.Name!);
}
