using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Percheron.Training.Recipes;

/// <summary>EAGLE-3 heads, for <c>eagle3</c>.</summary>
[Method(Source = "EAGLE-3, arXiv 2503.01840")]
public sealed class Eagle3Recipe : FeatureRecipe<Eagle3Net>
{
    // Rows whose tokens are counted.
    private const int Counted = 512;

    private readonly int _steps, _vocabulary;
    private int[] _tokens = [];

    /// <param name="steps">Passes in training, 1 to 16; 1 is no training-time test.</param>
    /// <param name="vocabulary">Tokens that it knows, the most frequent of the training text.</param>
    /// <param name="inner">Inner size of the feed-forward half.</param>
    public Eagle3Recipe(int steps = 5, int vocabulary = 1024, int inner = 512)
        : base("eagle3", inner)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(Math.Clamp(steps, 1, 16), steps, nameof(steps));
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabulary, 1);
        (_steps, _vocabulary) = (steps, vocabulary);
    }

    /// <inheritdoc/>
    public override int Train(RecipeJob job)
    {
        _tokens = Frequent(job.Rows, job.Target.Shape.Vocab, Math.Min(_vocabulary, job.Target.Shape.Vocab));
        return base.Train(job);
    }

    /// <inheritdoc/>
    public override Eagle3Net Create(TargetHead target, ulong seed)
    {
        int[] tokens = _tokens.Length > 0 ? _tokens : [.. Enumerable.Range(0, Math.Min(_vocabulary, target.Shape.Vocab))];
        return new Eagle3Net(target, Shape(target), Reads(target.Shape).Count, tokens, seed, Compute(target));
    }

    /// <inheritdoc/>
    public override IObjective<Eagle3Net> Objective(TargetHead target) => new Eagle3(Reads(target.Shape), _steps);

    /// <inheritdoc/>
    public override Drafter Drafter(Transformer target, string path) => new Eagle3Drafter(Open(target, path));

    /// <inheritdoc/>
    public override string Spec(string path) => $"eagle3(@{path})";

    /// <inheritdoc/>
    /// <remarks>Low, middle and high, a quarter of the depth apart.</remarks>
    protected override IReadOnlyList<int> Reads(LlamaShape target) => [.. new[] { target.Layers / 4, target.Layers / 2, 3 * target.Layers / 4 }.Distinct()];

    /// <inheritdoc/>
    protected override void Describe(Eagle3Net net, GgufWriter writer) => writer.Add("eagle3.draft_vocab", net.Tokens.ToArray());

    private static int[] Frequent(IRowSource rows, int vocab, int count)
    {
        var counts = new long[vocab];
        for (int row = 0; row < Counted; row++)
        {
            using DisposeScope scope = NewDisposeScope();
            foreach (long token in rows.Rows(row, 1, key: 0).Rows.data<long>()) counts[token]++;
        }
        return [.. Enumerable.Range(0, vocab).OrderByDescending(token => counts[token]).ThenBy(token => token).Take(count).Order()];
    }
}
