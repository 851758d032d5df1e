using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Heads;
using Percheron.Training.Nets;
using Percheron.Training.Runs;

namespace Percheron.Training.Recipes;

/// <summary>A recipe for a network that guesses several tokens from the target's last state.</summary>
/// <typeparam name="TNet">The network.</typeparam>
/// <param name="kind">What its file calls itself.</param>
/// <param name="keys">What its file says beside sizes of the target, under its kind.</param>
public abstract class GuessRecipe<TNet>(string kind, params (string Key, int Value)[] keys) : HeadRecipe<TNet>
    where TNet : GuessNet
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> States(LlamaShape target) => [target.Layers + 1];

    /// <inheritdoc/>
    public override RunOptions Options(RunOptions given) => given with { RowsPerStep = 4 };

    /// <inheritdoc/>
    public override void Export(TNet net, TargetHead target, string path) => Training.Export.HeadFile.Write(path, net, target, kind, TensorType.Q8_0, writer =>
    {
        foreach ((string key, int value) in keys) writer.Add($"{kind}.{key}", (uint)value);
    });

    /// <inheritdoc/>
    public override string Spec(string path) => $"{kind}(@{path})";

    /// <summary>The runtime's form of an exported file; it ends with the process.</summary>
    protected static IHead Open(Transformer target, string path) => HeadFile.Open(path, target).Head;
}
