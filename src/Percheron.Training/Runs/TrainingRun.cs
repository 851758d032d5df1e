using System.Diagnostics;
using Percheron.Training.Corpus;
using Percheron.Training.Nets;
using Percheron.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace Percheron.Training.Runs;

/// <summary>
/// Trains one network: workers of one thread each take the passes of a step in turn, their gradients are summed in a fixed order, and every parameter
/// takes one optimizer step. With a fixed number of workers the result depends on the seed and the number of steps alone, however often it was resumed.
/// </summary>
public sealed class TrainingRun : IDisposable
{
    private const double LongestGradient = 1.0;
    private const string Best = "best.checkpoint";

    private readonly LlamaNet[] _replicas;
    private readonly List<(string Name, Optimizer Rule)> _rules = [];
    private readonly IObjective _objective;
    private readonly RowStream _rows;
    private readonly IReadOnlyList<int[]> _heldOut;
    private readonly RunOptions _options;
    private readonly string _checkpoint, _best;
    private readonly Lock _packing = new();

    /// <summary>A run that keeps <c>run.checkpoint</c> and <c>best.checkpoint</c> in <paramref name="folder"/>.</summary>
    /// <param name="net">The network to train; not owned.</param>
    /// <param name="objective">What to minimise.</param>
    /// <param name="rows">Training rows.</param>
    /// <param name="heldOut">Held-out rows of time + 1 tokens.</param>
    /// <param name="options">Length and rates.</param>
    /// <param name="folder">Where checkpoints go; must exist.</param>
    /// <param name="seed">Recorded; the parameters and the rows were made with it.</param>
    public TrainingRun(LlamaNet net, IObjective objective, RowStream rows, IReadOnlyList<int[]> heldOut, RunOptions options, string folder, ulong seed)
    {
        Net = net;
        (_objective, _rows, _heldOut, _options) = (objective, rows, heldOut, options);
        if (options.RowsPerStep % options.RowsPerPass != 0) throw new ArgumentException("RowsPerPass must divide RowsPerStep.", nameof(options));
        (_checkpoint, _best) = (Path.Combine(folder, "run.checkpoint"), Path.Combine(folder, Best));
        State = new RunState { Seed = seed };
        foreach ((string name, Tensor tensor) in net.Tensors)
            _rules.Add((name, tensor.dim() == 2 && name != "token_embd.weight" ? new Muon(tensor) : new Adam(tensor)));
        _replicas = [.. Enumerable.Range(0, options.Threads).Select(_ => net.Replica())];
    }

    /// <summary>The network, with the parameters of the latest step.</summary>
    public LlamaNet Net { get; }

    /// <summary>Where the run is.</summary>
    public RunState State { get; private set; }

    /// <summary>Continues from <c>run.checkpoint</c> if there is one; false if not.</summary>
    public bool TryResume()
    {
        if (!File.Exists(_checkpoint)) return false;
        State = Checkpoint.Load<RunState>(_checkpoint, Everything());
        return true;
    }

    /// <summary>Runs to the end, to the stop of early stopping, or until cancelled (a checkpoint is written then too). Returns false if cancelled.</summary>
    public bool Run(Action<Report> report, CancellationToken cancel)
    {
        long clock = Stopwatch.GetTimestamp(), saved = clock, told = clock, toldStep = State.Step;
        double before = State.Seconds, lossSum = 0, heldOut = double.NaN;
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
                heldOut = Evaluate();
                if (Judge(heldOut)) break;
            }
            TimeSpan since = Stopwatch.GetElapsedTime(told);
            if (since.TotalSeconds >= 5 || State.Step == State.End)
            {
                long steps = State.Step - toldStep;
                report(Describe(lossSum / steps, heldOut, steps * _options.RowsPerStep * (double)Net.Shape.Context / since.TotalSeconds));
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
        if (File.Exists(_best)) Checkpoint.Load<RunState>(_best, Parameters(Net));
    }

    /// <summary>Gives a network the parameters of the lowest held-out loss that a run kept in a folder.</summary>
    /// <exception cref="FileNotFoundException">No run kept any there.</exception>
    /// <exception cref="InvalidDataException">They belong to another network.</exception>
    public static void LoadBest(LlamaNet net, string folder) => Checkpoint.Load<RunState>(Path.Combine(folder, Best), Parameters(net));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (LlamaNet replica in _replicas) replica.Dispose();
        foreach ((_, Optimizer rule) in _rules) rule.Dispose();
    }

    /// <summary>One optimizer step; returns its mean training loss.</summary>
    private double Step()
    {
        int passes = _options.RowsPerStep / _options.RowsPerPass;
        var losses = new double[passes];
        InParallel(worker =>
        {
            foreach (Tensor tensor in _replicas[worker].Tensors.Values)
            {
                using Tensor? gradient = tensor.grad;
                gradient?.zero_();
            }
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
                _rules[i].Rule.Step(gradient, factor * (_rules[i].Rule is Muon ? _options.MatrixRate : _options.VectorRate), State.Step);
            }
        });
        State.Step++;
        return losses.Average();
    }

    private double Pass(LlamaNet net, int pass)
    {
        using DisposeScope scope = NewDisposeScope();
        int time = net.Shape.Context, count = _options.RowsPerPass;
        var tokens = new long[count * (time + 1)];
        var apart = new int[count];
        lock (_packing)
        {
            for (int r = 0; r < count; r++)
            {
                long index = State.Step * _options.RowsPerStep + pass * count + r;
                ReadOnlySpan<int> row = _rows.Row(index);
                for (int i = 0; i < row.Length; i++) tokens[r * row.Length + i] = row[i];
                // Every other row hides earlier documents, as a prompt does; the rest let the model meet them, as generation past an end does.
                apart[r] = (int)(index & 1);
            }
        }
        var batch = new Batch(tensor(tokens, count, time + 1), tensor(apart, count, 1), State.Seed + (ulong)(State.Step * _options.RowsPerStep + pass * count));
        Tensor loss = _objective.Loss(net, batch);
        loss.backward();
        return loss.item<float>();
    }

    /// <summary>Gathers one parameter's gradient, times <paramref name="scale"/>, in the first replica; returns its squared length.</summary>
    private double Sum(string name, double scale)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor total = _replicas[0].Tensors[name].grad!;
        foreach (LlamaNet replica in _replicas.Skip(1)) total.add_(replica.Tensors[name].grad!);
        return total.mul_(scale).square().sum(ScalarType.Float64).item<double>();
    }

    private double Evaluate()
    {
        var sums = new double[_heldOut.Count];
        InParallel(worker =>
        {
            using IDisposable fixedValues = no_grad();
            int time = Net.Shape.Context;
            for (int r = worker; r < _heldOut.Count; r += _replicas.Length)
            {
                using DisposeScope scope = NewDisposeScope();
                Tensor row = tensor(_heldOut[r].Select(id => (long)id).ToArray(), 1, time + 1);
                sums[r] = _objective.Loss(_replicas[worker], new Batch(row, ones([1, 1], ScalarType.Int32), Key: null)).item<float>();
            }
        });
        return sums.Average();
    }

    /// <summary>Records a held-out loss; true if the run should stop for want of improvement.</summary>
    private bool Judge(double heldOut)
    {
        if (heldOut < State.BestLoss)
        {
            (State.BestLoss, State.BestStep, State.Stale) = (heldOut, State.Step, 0);
            Checkpoint.Save(_best, State, Parameters(Net));
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

    private void SaveAll() => Checkpoint.Save(_checkpoint, State, Everything());

    private static List<(string Name, Tensor Value)> Parameters(LlamaNet net) => [.. net.Tensors.Select(pair => (pair.Key, pair.Value))];

    private List<(string Name, Tensor Value)> Everything() =>
        [.. Parameters(Net), .. _rules.SelectMany(rule => rule.Rule.State.Select((state, i) => ($"{rule.Name}.{i}", state)))];

    private void InParallel(Action<int> body)
    {
        if (_replicas.Length == 1) body(0);
        else Task.WaitAll([.. Enumerable.Range(0, _replicas.Length).Select(worker => Task.Factory.StartNew(() => body(worker), TaskCreationOptions.LongRunning))]);
    }
}
