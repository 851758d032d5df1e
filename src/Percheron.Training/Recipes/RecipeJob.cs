using Percheron.Training.Evaluation;
using Percheron.Training.Nets;
using Percheron.Training.Runs;

namespace Percheron.Training.Recipes;

/// <summary>What a recipe is given to work with.</summary>
/// <param name="Name">Of the run, as shown.</param>
/// <param name="Target">The frozen target; owned by the caller.</param>
/// <param name="Rows">Rows, with the hidden states the recipe asked for.</param>
/// <param name="Options">Length and rates, as far as the command line gave them.</param>
/// <param name="Folder">Where checkpoints go.</param>
/// <param name="Output">The file to write.</param>
/// <param name="Seed">Seed of parameters and data order.</param>
public sealed record RecipeJob(string Name, TargetHead Target, IRowSource Rows, RunOptions Options, RunFolder Folder, string Output, ulong Seed)
{
    /// <summary>Measures held-out acceptance, the criterion of the run; null leaves it to the held-out loss.</summary>
    public AcceptanceMeasure? Acceptance { get; init; }

    /// <summary>Told what was made, for its card: the network's parameters, what was minimised at what rates, and where the run ended.</summary>
    public Action<long, object, RunState>? Made { get; init; }

    /// <summary>Whether to go on from a checkpoint.</summary>
    public bool Resume { get; init; }

    /// <summary>Stops the run cleanly.</summary>
    public CancellationToken Cancel { get; init; }
}
