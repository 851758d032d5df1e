using System.Diagnostics;
using Percheron.Training.Native;
using Percheron.Training.Nets;
using Percheron.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace Percheron.Training.Runs;

/// <summary>
/// Trains one network: workers of one thread each take the passes of a step in turn, their gradients are summed in a fixed order, and every parameter
/// takes one optimizer step. With a fixed number of workers the result depends on the seed and the number of steps alone, however often it was resumed.
/// </summary>
/// <typeparam name="TNet">The network.</typeparam>
public sealed class TrainingRun<TNet> : IDisposable
    where TNet : Net
{
    private const double LongestGradient = 1.0;

    private readonly TNet[] _replicas;
    private readonly List<(string Name, Optimizer Rule, double Rate)> _rules = [];
    private readonly IObjective<TNet> _objective;
    private readonly IRowSource _rows;
    private readonly RunOptions _options;
    private readonly RunFolder _folder;

    /// <summary>A run that keeps <c>run.checkpoint</c> and <c>best.checkpoint</c> in <paramref name="folder"/>.</summary>
    /// <param name="net">The network to train; not owned.</param>
    /// <param name="objective">What to minimise.</param>
    /// <param name="rows">Training rows and held-out rows.</param>
    /// <param name="options">Length and rates.</param>
    /// <param name="folder">Where checkpoints go; must exist.</param>
    /// <param name="seed">Recorded; the parameters and the rows were made with it.</param>
    public TrainingRun(TNet net, IObjective<TNet> objective, IRowSource rows, RunOptions options, RunFolder folder, ulong seed)
    {
        Net = net;
        (_objective, _rows, _options, _folder) = (objective, rows, options, folder);
        if (options.RowsPerStep % options.RowsPerPass != 0) throw new ArgumentException("RowsPerPass must divide RowsPerStep.", nameof(options));
        State = new RunState { Seed = seed };
        foreach (string name in net.Trained)
        {
            TensorUpdate update = net.UpdateOf(name);
            bool matrix = update.Rule == UpdateRule.Muon;
            _rules.Add((name, matrix ? new Muon(net.Tensors[name]) : new Adam(net.Tensors[name]), update.Factor * (matrix ? options.MatrixRate : options.VectorRate)));
        }
        _replicas = [.. Enumerable.Range(0, options.Threads).Select(_ => (TNet)net.Replica())];
    }

    /// <summary>The network, with the parameters of the latest step.</summary>
    public TNet Net { get; }

    /// <summary>
    /// What makes parameters better than others, higher is better; it must be a function of the parameters alone. The held-out loss decides where there is none. For drafts it is held-out
    /// acceptance: what a loss says of a tree of guesses is not what a verifier accepts of it.
    /// </summary>
    public Func<TNet, double>? Criterion { get; init; }

    /// <summary>Where the run is.</summary>
    public RunState State { get; private set; }

    /// <summary>Continues from <c>run.checkpoint</c> if there is one; false if not.</summary>
    public bool TryResume()
    {
        if (!File.Exists(_folder.Run)) return false;
        State = Checkpoint.Load<RunState>(_folder.Run, Everything());
        return true;
    }

    /// <summary>Runs to the end, to the stop of early stopping, or until cancelled (a checkpoint is written then too). Returns false if cancelled.</summary>
    public bool Run(Action<Report> report, CancellationToken cancel)
    {
        long clock = Stopwatch.GetTimestamp(), saved = clock, told = clock, toldStep = State.Step;
        double before = State.Seconds, lossSum = 0, heldOut = double.NaN, score = double.NaN;
        if (_options.Steps > 0) (State.FallStart, State.End) = (_options.FallStart > 0 ? _options.FallStart : (long)(_options.Steps * Schedule.FallFrom), _options.Steps);
        while (State.End < 0 || State.Step < State.End)
        {
            if (cancel.IsCancellationRequested)
            {
                SaveAll();
                return false;
            }
            lossSum += Step();
            State.Seconds = before + Stopwatch.GetElapsedTime(clock).TotalSeconds;
            Plan();
            if (State.Step % _options.EvaluateEvery == 0 || State.Step == State.End)
            {
                (heldOut, score) = (Evaluate(), Criterion?.Invoke(Net) ?? double.NaN);
                if (Judge(heldOut, score)) break;
            }
            TimeSpan since = Stopwatch.GetElapsedTime(told);
            if (since.TotalSeconds >= 5 || State.Step == State.End)
            {
                long steps = State.Step - toldStep;
                report(Describe(lossSum / steps, heldOut, steps * _options.RowsPerStep * (double)_rows.Length / since.TotalSeconds) with { Score = score });
                (told, toldStep, lossSum) = (Stopwatch.GetTimestamp(), State.Step, 0);
            }
            if (Stopwatch.GetElapsedTime(saved) < _options.CheckpointEvery) continue;
            SaveAll();
            saved = Stopwatch.GetTimestamp();
        }
        SaveAll();
        return true;
    }

    /// <summary>Puts back the parameters of the lowest held-out loss.</summary>
    public void RestoreBest()
    {
        if (File.Exists(_folder.Best)) _folder.LoadBest(Net);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (TNet replica in _replicas) replica.Dispose();
        foreach ((_, Optimizer rule, _) in _rules) rule.Dispose();
    }

    /// <summary>One optimizer step; returns its mean training loss.</summary>
    private double Step()
    {
        using IDisposable still = NoCollection.Begin();
        int passes = _options.RowsPerStep / _options.RowsPerPass;
        var losses = new double[passes];
        InParallel(worker =>
        {
            foreach ((string name, _, _) in _rules) ClearGradient(_replicas[worker].Tensors[name]);
            for (int pass = worker; pass < passes; pass += _replicas.Length) losses[pass] = Pass(_replicas[worker], pass);
        });

        double scale = 1.0 / passes, factor = Schedule.Factor(State.Step, State.FallStart, State.End);
        var squares = new double[_rules.Count];
        InParallel(worker =>
        {
            using IDisposable fixedValues = no_grad();
            for (int i = worker; i < _rules.Count; i += _replicas.Length) squares[i] = Sum(_rules[i].Name, scale);
        });
        double clip = Math.Min(1, LongestGradient / (Math.Sqrt(squares.Sum()) + 1e-6));
        InParallel(worker =>
        {
            using IDisposable fixedValues = no_grad();
            for (int i = worker; i < _rules.Count; i += _replicas.Length)
            {
                using DisposeScope scope = NewDisposeScope();
                Tensor gradient = _replicas[0].Tensors[_rules[i].Name].grad!.mul_(clip);
                _rules[i].Rule.Step(gradient, factor * _rules[i].Rate, State.Step);
            }
        });
        State.Step++;
        return losses.Average();
    }

    // There is always one, so that a parameter which no loss has touched yet changes as it would after a resume: by a gradient of zero.
    private static void ClearGradient(Tensor parameter)
    {
        using Tensor? gradient = parameter.grad;
        if (gradient is not null)
        {
            gradient.zero_();
            return;
        }
        using Tensor fresh = zeros_like(parameter).detach();
        parameter.grad = fresh;
    }

    private double Pass(TNet net, int pass)
    {
        using DisposeScope scope = NewDisposeScope();
        long first = State.Step * _options.RowsPerStep + pass * _options.RowsPerPass;
        Tensor loss = _objective.Loss(net, _rows.Rows(first, _options.RowsPerPass, State.Seed + (ulong)first));
        loss.backward();
        return loss.item<float>();
    }

    /// <summary>Gathers one parameter's gradient, times <paramref name="scale"/>, in the first replica; returns its squared length.</summary>
    private double Sum(string name, double scale)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor total = _replicas[0].Tensors[name].grad!;
        foreach (TNet replica in _replicas.Skip(1)) total.add_(replica.Tensors[name].grad!);
        return total.mul_(scale).square().sum(ScalarType.Float64).item<double>();
    }

    private double Evaluate()
    {
        using IDisposable still = NoCollection.Begin();
        var sums = new double[_rows.HeldOutCount];
        InParallel(worker =>
        {
            using IDisposable fixedValues = no_grad();
            for (int r = worker; r < sums.Length; r += _replicas.Length)
            {
                using DisposeScope scope = NewDisposeScope();
                sums[r] = _objective.Loss(_replicas[worker], _rows.HeldOut(r)).item<float>();
            }
        });
        return sums.Average();
    }

    /// <summary>Records a measurement; true if the run should stop for want of improvement.</summary>
    private bool Judge(double heldOut, double score)
    {
        if (Criterion is null ? heldOut < State.BestLoss : score > State.BestScore)
        {
            (State.BestLoss, State.BestStep, State.Stale) = (heldOut, State.Step, 0);
            if (Criterion is not null) State.BestScore = score;
            Checkpoint.Save(_folder.Best, State, RunFolder.Parameters(Net));
            return false;
        }
        return ++State.Stale >= _options.Patience;
    }

    /// <summary>Decides the end of a run that is limited by time, once, when the rate begins to fall.</summary>
    private void Plan()
    {
        double budget = _options.Minutes * 60;
        if (State.End >= 0 || State.Seconds < budget * Schedule.FallFrom) return;
        State.FallStart = State.Step;
        State.End = State.Step + Math.Max(1, (long)(State.Step * (budget - State.Seconds) / State.Seconds));
    }

    private Report Describe(double loss, double heldOut, double speed)
    {
        double budget = _options.Minutes * 60;
        double fraction = State.End >= 0 ? (double)State.Step / State.End : State.Seconds / budget;
        double left = State.End >= 0 ? (State.End - State.Step) * State.Seconds / State.Step : budget - State.Seconds;
        return new Report(State.Step, loss, heldOut, speed, fraction, TimeSpan.FromSeconds(left));
    }

    private void SaveAll() => Checkpoint.Save(_folder.Run, State, Everything());

    private List<(string Name, Tensor Value)> Everything() =>
        [.. RunFolder.Parameters(Net), .. _rules.SelectMany(rule => rule.Rule.State.Select((state, i) => ($"{rule.Name}.{i}", state)))];

    private void InParallel(Action<int> body)
    {
        if (_replicas.Length == 1) body(0);
        else Task.WaitAll([.. Enumerable.Range(0, _replicas.Length).Select(worker => Task.Factory.StartNew(() => body(worker), TaskCreationOptions.LongRunning))]);
    }
}
