using Percheron.Training.Commands;
using Percheron.Training.Evaluation;
using Percheron.Training.Nets;
using Percheron.Training.Runs;

namespace Percheron.Training.Recipes;

/// <summary>A recipe that trains one network by one objective and exports it.</summary>
/// <typeparam name="TNet">The network.</typeparam>
public abstract class HeadRecipe<TNet> : Recipe
    where TNet : Net
{
    /// <summary>A fresh network; it may keep the target, which outlives it and its replicas.</summary>
    public abstract TNet Create(TargetHead target, ulong seed);

    /// <summary>What the run minimises; disposed with the run if it can be.</summary>
    public abstract IObjective<TNet> Objective(TargetHead target);

    /// <summary>Writes the network in the form its drafter reads; <see cref="Export.HeadFile"/> serves most.</summary>
    public abstract void Export(TNet net, TargetHead target, string path);

    /// <summary>Rows and rates of this kind, where they are not the usual ones.</summary>
    public virtual RunOptions Options(RunOptions given) => given with { RowsPerStep = 8 };

    /// <summary>Fits what gradients do not, such as temperatures of confidences, once the best parameters are back.</summary>
    public virtual void Finish(TNet net, TargetHead target, IRowSource rows) { }

    /// <inheritdoc/>
    public override int Train(RecipeJob job)
    {
        using TNet net = Create(job.Target, job.Seed);
        IObjective<TNet> objective = Objective(job.Target);
        using var owned = objective as IDisposable;
        RunOptions options = Options(job.Options);
        using var run = new TrainingRun<TNet>(net, objective, job.Rows, options, job.Folder, job.Seed)
        {
            Criterion = job.Acceptance is null ? null : current => Score(current, job),
        };
        return RunSession.Run(job.Name, run, job.Resume, job.Cancel, () =>
        {
            Finish(net, job.Target, job.Rows);
            Export(net, job.Target, job.Output);
            job.Made?.Invoke(net.Parameters, new { Objective = objective.GetType().Name, options.RowsPerStep, options.MatrixRate, options.VectorRate, RowLength = job.Rows.Length }, run.State);
        });
    }

    // The parameters as they are, in the file their drafter reads: what is measured is what is delivered, rounding included.
    private double Score(TNet net, RecipeJob job)
    {
        string path = job.Folder.Trial;
        Export(net, job.Target, path);
        return AcceptanceMeasure.Score(job.Acceptance!.Measure(target => Drafter(target, path), ChangedTarget(path)));
    }
}
