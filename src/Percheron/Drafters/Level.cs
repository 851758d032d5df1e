using System.Numerics.Tensors;
using Percheron.Decoding;
using Percheron.Models.Heads;

namespace Percheron.Drafters;

/// <summary>One level of one tree while it grows: the laws at the frontier, and the ways to add candidates below it.</summary>
internal sealed class Level
{
    // At temperature 0 the target takes its best token, which is the draft's best more often than the draft's law says: squaring the law ranks paths better.
    private const float Coldest = 0.5f;

    // A child scores below its parent even if it is certain, so that no node is taken without its parent.
    private const float DepthCost = 1e-3f;

    private readonly Sampler _sampler = new();
    private readonly Distribution _law = new();
    private readonly DraftLength? _length;
    private readonly IConfident? _model;
    private int[] _tokens;
    private float[] _probabilities;

    /// <param name="width">Children of a node at most.</param>
    /// <param name="length">When to stop.</param>
    /// <param name="model">Says of its answers how far they are to be trusted; null where it cannot.</param>
    public Level(int width, DraftLength? length, IConfident? model = null) => (Width, _length, _model, _tokens, _probabilities) = (width, length, model, new int[width], new float[width]);

    /// <summary>Children of a node at most.</summary>
    public int Width { get; }

    /// <summary>The tree.</summary>
    public Growth Growth { get; private set; } = null!;

    /// <summary>Number of this level, from 0: its nodes are one deeper.</summary>
    public int Number { get; private set; }

    /// <summary>Where paths stop: the least confidence that is expanded.</summary>
    public float Least { get; private set; }

    /// <summary>Whether the temperature is 0.</summary>
    public bool IsCold { get; private set; }

    /// <summary>Nodes that this level may add: levels share what room is left, so that a wide one does not cost the tree its depth.</summary>
    public int Quota { get; private set; }

    /// <summary>Begins a level of a tree.</summary>
    public void Begin(Growth growth, int number, float least)
    {
        (Growth, Number, Least, IsCold) = (growth, number, least, growth.Sequence.Sampling.Temperature == 0);
        int room = growth.Tree.Room, left = growth.Levels - number;
        Quota = growth.OwnsTree ? room : Math.Min(room, (room + left - 1) / left);
        growth.BeginLevel();
    }

    /// <summary>Adds the most probable tokens below every node of the frontier.</summary>
    public void AddBestEverywhere()
    {
        for (int i = 0, quota = Quota; i < Growth.Frontier.Length && quota > 0; i++) quota -= AddBest(i, Math.Min(Width, quota));
    }

    /// <summary>Adds the most probable tokens below a node of the frontier, as far as each is worth its row; returns how many.</summary>
    /// <param name="index">Which node of the frontier.</param>
    /// <param name="wanted">How many.</param>
    /// <param name="decay">Factor by which each level counts for less.</param>
    public int AddBest(int index, int wanted, float decay = 1)
    {
        Growth growth = Growth;
        TokenTree tree = growth.Tree;
        int node = growth.Frontier[index], count = Best(index, node, wanted), added = 0;
        if (count == 0) return 0;
        float before = growth.Score(node) + MathF.Log(decay) - DepthCost;
        bool goesOn = GoesOn(index, node);
        for (; added < count; added++)
        {
            // A fixed candidate may be judged by its own probability: it needs no law (methods.md P). In a tree apart the best are chosen in the end; doubtful ones are there, and not expanded.
            float claim = _probabilities[added], confidence = growth.Confidence(node) * claim;
            if (!growth.OwnsTree && (confidence < Least || !tree.WorthRow(tree.ChanceOf(node, claim), tree.Count - 1))) break;
            growth.Add(node, _tokens[added], null, before + MathF.Log(Math.Max(claim, float.Epsilon)), goesOn ? confidence : Growth.Leaf, claim);
        }
        return added;
    }

    /// <summary>The law below a node of the frontier, rented from the tree; null if there is none, or if a token drawn from it is not worth its row. Known before a token is drawn, as the rest is.</summary>
    /// <param name="index">Which node of the frontier.</param>
    /// <param name="confidence">How likely the path through a token of it is to hold; <see cref="Growth.Leaf"/> if nothing is to follow.</param>
    /// <param name="claim">How likely the draft itself thinks that a token of it is accepted; where it does not say, its highest probability.</param>
    public Distribution? Law(int index, out float confidence, out float claim)
    {
        TokenTree tree = Growth.Tree;
        int node = Growth.Frontier[index];
        (confidence, claim) = (Growth.Leaf, 0);
        if (!_sampler.HasLaw(Growth.Logits(index), Growth.Sequence, tree, node)) return null;
        Distribution law = tree.RentLaw();
        _sampler.Law(Growth.Logits(index), Growth.Sequence, tree, node, law);
        float highest = TensorPrimitives.Max(law.Probabilities), stated = Stated(node);
        claim = float.IsNaN(stated) ? highest : stated;
        confidence = GoesOn(node, law) ? Growth.Confidence(node) * highest : Growth.Leaf;
        return tree.WorthRow(tree.ChanceOf(node, claim, drawn: true), tree.Count - 1) ? law : null;
    }

    /// <summary>Draws siblings below a node of the frontier from one law, without replacement, in order; good until the next draw.</summary>
    public ReadOnlySpan<int> Draw(int node, Distribution law, int wanted)
    {
        if (_tokens.Length < wanted) Array.Resize(ref _tokens, wanted);
        int position = Growth.Tree.Position(node) + 1, count = 1;
        if (wanted == 1) _tokens[0] = Growth.Sequence.Random.Draw(position, law);
        else count = Growth.Sequence.Random.Draw(position, law, _tokens.AsSpan(0, wanted));
        return _tokens.AsSpan(0, count);
    }

    /// <summary>Adds siblings drawn from the law below a node of the frontier; returns how many.</summary>
    /// <param name="index">Which node of the frontier.</param>
    /// <param name="wanted">How many.</param>
    public int AddDrawn(int index, int wanted)
    {
        int node = Growth.Frontier[index];
        if (Law(index, out float confidence, out float claim) is not { } law) return 0;
        ReadOnlySpan<int> tokens = Draw(node, law, Worth(node, wanted));
        // A draw is accepted as often as the laws agree, however improbable its token is: what counts is how many siblings come before it.
        for (int i = 0; i < tokens.Length; i++) Growth.Add(node, tokens[i], law, Growth.Score(node) - i, confidence, i == 0 ? claim : float.NaN);
        return tokens.Length;
    }

    // Of siblings behind the first nothing is known before they are drawn but their place.
    private int Worth(int node, int wanted)
    {
        TokenTree tree = Growth.Tree;
        int worth = 1;
        while (worth < wanted && tree.WorthRow(tree.Chance(node) * tree.Odds(float.NaN, drawn: true, tree.Depth(node) + 1, worth), tree.Count - 1 + worth)) worth++;
        return worth;
    }

    private int Best(int index, int node, int wanted)
    {
        TokenTree tree = Growth.Tree;
        if (!_sampler.HasLaw(Growth.Logits(index), Growth.Sequence, tree, node)) return 0;
        if (_tokens.Length < wanted) Array.Resize(ref _tokens, wanted);
        if (_probabilities.Length < wanted) Array.Resize(ref _probabilities, wanted);
        if (wanted > 1 || !IsCold || Least > 0 || tree.Plan is not null || _length is not null)
            return _sampler.Top(Growth.Logits(index), Growth.Sequence, tree, node, _tokens.AsSpan(0, wanted), _probabilities.AsSpan(0, wanted), Coldest);
        // A chain needs neither probabilities nor a second best.
        _sampler.Law(Growth.Logits(index), Growth.Sequence, tree, node, _law);
        (_tokens[0], _probabilities[0]) = (_law.Tokens[0], 1);
        return 1;
    }

    private bool GoesOn(int index, int node)
    {
        if (_length is null) return true;
        _sampler.Judgement(Growth.Logits(index), Growth.Sequence, Growth.Tree, node, _law);
        return GoesOn(node, _law);
    }

    private bool GoesOn(int node, Distribution law)
    {
        if (_length is null) return true;
        ref float survival = ref Growth.Survival(node);
        survival = node == 0 ? 1 : Growth.Survival(Growth.Tree.Parent(node));
        return _length.GoesOn(new DraftPoint(Growth.Sequence, law, Growth.Tree.Depth(node), Stated(node), ref survival));
    }

    private float Stated(int node) => _model?.Confidence(Growth.Cache, Growth.Row(node)) ?? float.NaN;
}
