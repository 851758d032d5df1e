using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Heads;
using Percheron.Verifiers;

namespace Percheron.Testing;

/// <summary>Supplies drafters and verifiers with toys: the target, and for every other model the target with noise, which makes an imperfect draft.</summary>
public sealed class ToyHost : ISpecHost
{
    // A file of this name is a draft with another vocabulary.
    private const string Foreign = "foreign";

    private const int GuessesAtOnce = 4;

    private readonly ToyModel _like;
    private readonly float _noise;
    private readonly Dictionary<(string, float), ToyModel> _drafts = [];
    private readonly Dictionary<string, ToyHead> _heads = [];
    private readonly Dictionary<string, ToyExit> _exits = [];
    private readonly Dictionary<string, ParallelModel> _parallel = [];
    private CorpusIndex? _corpus;

    /// <param name="like">What the target answers.</param>
    /// <param name="noise">How far drafts lie from it; 0 makes perfect ones. A parameter called <c>middle</c> gets half of it.</param>
    /// <param name="wrap">Makes the target out of the model, to plant a mistake in it; the model itself if null.</param>
    public ToyHost(ToyModel like, float noise, Func<ToyModel, ToyModel>? wrap = null) =>
        (_like, _noise, Target) = (like, noise, wrap is null ? like : wrap(like));

    /// <summary>The target.</summary>
    public ToyModel Target { get; }

    /// <summary>Context of the other models; that of the target if null.</summary>
    public int? DraftContextLength { get; init; }

    /// <summary>The other models that were asked for.</summary>
    public IReadOnlyCollection<ToyModel> Drafts => _drafts.Values;

    /// <inheritdoc/>
    public object? Supply(Type type, string parameter, string? file)
    {
        if (type == typeof(CorpusIndex)) return _corpus ??= Corpus();
        // Tokens on a line, so that the nearest ones are those with the next ids.
        if (type == typeof(TokenVectors)) return new TokenVectors(_like.Vocab, 1, static (token, vector) => vector[0] = token);
        if (type == typeof(IHead)) return _heads.TryGetValue(file ?? parameter, out ToyHead? head) ? head : _heads[file ?? parameter] = new ToyHead(_like, _noise, Seed(file ?? parameter)) { ContextLength = DraftContextLength ?? _like.ContextLength };
        if (type == typeof(IExit)) return _exits.TryGetValue(file ?? parameter, out ToyExit? exit) ? exit : _exits[file ?? parameter] = new ToyExit(_like, _noise, Seed(file ?? parameter)) { ContextLength = DraftContextLength ?? _like.ContextLength };
        if (type == typeof(ExtraInputs)) return new ExtraInputs(parameter.Length, 4);
        if (type == typeof(JudgeHead)) return new JudgeHead(_like.LayerCount + 1, [.. Enumerable.Range(1, _like.HiddenSize - 1).Select(i => (i % 2 == 0 ? 0.5f : -0.5f) / i), 0], 0.3f);
        if (type == typeof(ParallelModel)) return Parallel(file ?? parameter);
        if (type == typeof(AcceptanceHead)) return Acceptance();
        if (type == typeof(ForeignModel) || file == Foreign) return Other(file ?? parameter);
        if (type.IsAssignableFrom(typeof(ISpecHost)) || !type.IsAssignableFrom(typeof(ToyModel))) return null;
        if (parameter == "target" && file is null) return Target;
        return Draft(parameter == "middle" ? _noise / 2 : _noise, file ?? parameter);
    }

    /// <summary>A model that differs from the target by noise, always the same one for the same noise and name.</summary>
    public ToyModel Draft(float noise, string name = "draft")
    {
        if (_drafts.TryGetValue((name, noise), out ToyModel? known)) return known;
        return _drafts[(name, noise)] = new ToyModel(_like, noise, Seed(name)) { ContextLength = DraftContextLength ?? _like.ContextLength };
    }

    private static ulong Seed(string name)
    {
        ulong seed = 14695981039346656037;
        foreach (char c in name) seed = (seed ^ c) * 1099511628211;
        return seed;
    }

    private ForeignModel Other(string name)
    {
        var renamed = new RenamedModel(Draft(_noise, name));
        return new ForeignModel(renamed, renamed.Map());
    }

    /// <summary>Rows evaluated by the models other than the target.</summary>
    public long DraftRows => _drafts.Values.Sum(d => d.Evaluated);

    private ParallelModel Parallel(string name)
    {
        if (!_parallel.TryGetValue(name, out ParallelModel? known)) _parallel.Add(name, known = new ParallelModel(Draft(_noise, name), GuessesAtOnce));
        return known;
    }

    // The surer the draft, the likelier: between a half and nearly one.
    private static AcceptanceHead Acceptance()
    {
        float[] into = new float[AcceptanceHead.Inputs];
        into[0] = 3;
        return new AcceptanceHead(into, [0f], [1f], 0);
    }

    // What the target says by itself, twice: something to copy from.
    private CorpusIndex Corpus()
    {
        var texts = new List<int>();
        foreach (float temperature in new[] { 0f, 1f })
        {
            var text = new Sequence([0, 1], new SequenceOptions { MaxTokens = 120, Sampling = SamplingSettings.Plain with { Temperature = temperature } });
            new Decoder(new ToyModel(_like, 0, 1), new NoneDrafter(), new Coupled()).Run(text);
            texts.AddRange(text.Tokens);
            texts.Add(_like.Vocab);
        }
        return CorpusIndex.Of([.. texts], _like.Vocab);
    }
}
