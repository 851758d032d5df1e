using Percheron.Training.Nets;
using static TorchSharp.torch;

namespace Percheron.Training.Runs;

/// <summary>The folder in which one run keeps itself: <c>run.checkpoint</c> to go on from, <c>best.checkpoint</c> with the parameters of the lowest held-out loss.</summary>
public sealed class RunFolder(string path)
{
    /// <summary>The file a run goes on from.</summary>
    public string Run { get; } = Path.Combine(path, "run.checkpoint");

    /// <summary>The file of the best parameters.</summary>
    public string Best { get; } = Path.Combine(path, "best.checkpoint");

    /// <summary>The file into which parameters are exported to be measured.</summary>
    public string Trial { get; } = Path.Combine(path, "trial.gguf");

    /// <summary>What a checkpoint of a network's parameters holds: those a run changes, in file order.</summary>
    public static List<(string Name, Tensor Value)> Parameters(Net net) => [.. net.Trained.Select(name => (name, net.Tensors[name]))];

    /// <summary>Gives a network the parameters of the lowest held-out loss that a run kept here.</summary>
    /// <exception cref="FileNotFoundException">No run kept any.</exception>
    /// <exception cref="InvalidDataException">They belong to another network.</exception>
    public void LoadBest(Net net) => Checkpoint.Load<RunState>(Best, Parameters(net));
}
