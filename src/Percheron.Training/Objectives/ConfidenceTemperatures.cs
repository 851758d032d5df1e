using Percheron.Training.Nets;
using Percheron.Training.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>Sequential temperature scaling: guess by guess, the temperature with which the products of confidences are closest to how often whole paths are accepted.</summary>
/// <remarks>Source: DSpark, arXiv 2607.05147; the error is that of ten bins, each by what lies in it.</remarks>
public static class ConfidenceTemperatures
{
    private const int Bins = 10, Steps = 41, Blocks = 32;
    private const double Furthest = 2;

    /// <summary>Fits the temperatures of a network on held-out rows and leaves them in <see cref="BlockNet.Temperatures"/>.</summary>
    public static void Fit(BlockNet net, IRowSource rows)
    {
        var read = new List<(float[] Logits, float[] Accepted)>();
        for (int row = 0; row < rows.HeldOutCount; row++) read.AddRange(Read(net, rows.HeldOut(row)));
        double[] survival = [.. read.Select(_ => 1.0)], truth = [.. survival];
        for (int guess = 0; guess < net.Plan.Guesses; guess++)
        {
            for (int i = 0; i < read.Count; i++) truth[i] *= read[i].Accepted[guess];
            double least = double.PositiveInfinity, best = 1;
            for (int step = 0; step < Steps; step++)
            {
                double temperature = Math.Exp(Furthest * ((2.0 * step / (Steps - 1)) - 1)), error = Error([.. read.Select((pair, i) => survival[i] * Sigmoid(pair.Logits[guess] / temperature))], truth);
                if (error < least) (least, best) = (error, temperature);
            }
            net.Temperatures[guess] = (float)best;
            for (int i = 0; i < read.Count; i++) survival[i] *= Sigmoid(read[i].Logits[guess] / best);
        }
    }

    /// <summary>The expected calibration error of claims against what came true.</summary>
    public static double Error(IReadOnlyList<double> claims, IReadOnlyList<double> truth)
    {
        var gaps = new double[Bins];
        for (int i = 0; i < claims.Count; i++) gaps[Math.Min(Bins - 1, (int)(claims[i] * Bins))] += claims[i] - truth[i];
        return gaps.Sum(Math.Abs) / Math.Max(1, claims.Count);
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static IEnumerable<(float[] Logits, float[] Accepted)> Read(BlockNet net, Batch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        BlockPlaces places = BlockPlaces.In(batch, net.Plan, Blocks, net.Compute);
        Tensor guesses = net.Guesses(cat([.. net.Plan.States.Select(batch.State)], 2), places), before = places.Before(batch);
        Tensor state = batch.State(net.Target.LastState).view(-1, net.Plan.Shape.Width).index_select(0, places.Foretold.reshape(-1));
        Tensor p = net.Target.Law(state).exp().view(places.Count, net.Plan.Guesses, -1), q = nn.functional.softmax(net.Logits(guesses, before), -1);
        float[] accepted = minimum(p, q).sum(-1).data<float>().ToArray(), logits = net.Confidences(guesses, before).data<float>().ToArray();
        float[] counts = places.Counts.data<float>().ToArray();
        int count = net.Plan.Guesses;
        return [.. Enumerable.Range(0, places.Count).Where(i => counts[(i * count)..((i + 1) * count)].All(c => c == 1)).Select(i => (logits[(i * count)..((i + 1) * count)], accepted[(i * count)..((i + 1) * count)]))];
    }
}
