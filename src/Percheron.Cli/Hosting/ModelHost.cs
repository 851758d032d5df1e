using Percheron.Codecs;
using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Heads;
using Percheron.Planning;
using Percheron.Verifiers;

namespace Percheron.Cli.Hosting;

/// <summary>The target, its tokenizer, and every other model that a spec names; each file is loaded once.</summary>
internal sealed class ModelHost : ISpecHost, IDisposable
{
    private readonly ModelSettings _settings;
    private readonly Dictionary<(string Path, bool Beside), LoadedModel> _drafts = [];
    private readonly Dictionary<LoadedModel, ForeignModel> _foreign = [];
    private readonly Dictionary<LoadedModel, ParallelModel> _parallel = [];
    private readonly Dictionary<(string Path, bool Beside), HeadFile> _heads = [];
    private readonly Dictionary<string, CorpusIndex> _corpora = [];
    private readonly EmbeddedModels _embedded;
    private readonly LoadedModel _target;
    private readonly ProfileStore _profiles;
    private readonly Dictionary<IModel, CostModel> _costs = new(ReferenceEqualityComparer.Instance);

    /// <summary>Loads the target; the draft follows when a spec asks for it.</summary>
    public ModelHost(ModelSettings settings, Terminal terminal)
    {
        _embedded = new EmbeddedModels(terminal.ModelsFolder, settings.Family);
        _settings = settings;
        _profiles = new ProfileStore(terminal);
        string path = settings.Model ?? _embedded.RequireTarget();
        if (settings.Heads is { } heads && !Directory.Exists(heads)) throw new Failure($"--heads: there is no folder '{heads}'.");
        DraftPath = settings.Draft ?? (_embedded.IsTarget(path) && File.Exists(_embedded.Draft) ? _embedded.Draft : null);
        int? context = settings.Sound is null ? MemoryNeed.FittingContext(settings, path, [.. Others(settings, path)], terminal.AvailableMemory()) : settings.Context;
        ModelOptions options = new() { Threads = settings.Threads, CacheType = settings.CacheType, ContextLength = context ?? settings.Context ?? 0 };
        _target = settings.Sound is { } sound ? LoadedModel.Hear(path, options, sound) : LoadedModel.Open(path, options);
        if (settings.Context is null && RunningCost.Cache(_target.File) is { } cache && context < cache.Positions) terminal.Note($"context of {context} positions, as many as fit into memory; the model was trained for {cache.Positions}");
        try
        {
            if (settings.Context > _target.Model.ContextLength)
                throw new Failure($"--context {settings.Context} is more than the {_target.Model.ContextLength} positions this model was trained for; give {_target.Model.ContextLength} or less, or leave it out.");
            // Both names say that there is no vocabulary.
            string vocabulary = _target.File.GetString("tokenizer.ggml.model", "none");
            Tokenizer = Directory.Exists(path) ? Tokenizer.FromHuggingFace(Path.Combine(path, "tokenizer.json")) : vocabulary is "none" or "no_vocab" ? null : Tokenizer.FromGguf(_target.File);
            Codes = CodeLayout.Read(_target.File);
            Law = Guided(_target, Codes, settings.Guidance);
        }
        catch
        {
            _target.Dispose();
            throw;
        }
    }

    /// <summary>The target.</summary>
    public Transformer Target => _target.Model;

    /// <summary>The model that is decoded: the target, or where it is guided the pair that has the guided law.</summary>
    public ILayeredModel Law { get; }

    /// <summary>What the target has heard; null where it listens to nothing.</summary>
    public HeardSound? Heard => _target.Heard;

    /// <summary>Where the target's codes of pictures or speech stand; null for a model of text.</summary>
    public CodeLayout? Codes { get; }

    /// <summary>Where the target lies, as it was named.</summary>
    public string TargetPath => _target.Path;

    /// <summary>The draft that <c>model</c> and the like use when a spec names none; null if there is none.</summary>
    public string? DraftPath { get; }

    /// <summary>Null for a file without a vocabulary, which can be used with <c>--prompt-tokens</c>.</summary>
    public Tokenizer? Tokenizer { get; }

    /// <summary>The tokenizer.</summary>
    /// <exception cref="Failure">The file has none.</exception>
    public Tokenizer RequireTokenizer() => Tokenizer ?? throw new Failure($"'{TargetPath}' holds no vocabulary; give the prompt as ids with --prompt-tokens.");

    /// <summary>Runs the target once on nothing that counts, so that measured times are the model's and not the just-in-time compiler's.</summary>
    public void WarmUp()
    {
        using KvCache cache = Law.NewCache();
        Rows rows = new();
        rows.Reset(cache);
        // Several rows take another path through the products than one.
        for (int i = 0; i < Math.Min(4, Target.ContextLength); i++) rows.Add(0, i - 1, logits: true);
        Law.Forward([rows]);
    }

    /// <summary>What was measured of the target on this machine before; null if nothing was.</summary>
    public MachineProfile? KnownProfile => _profiles.Load(_target.File, Target);

    /// <summary>Keeps what was measured of the target; returns where, or null where nothing can be kept.</summary>
    public string? KeepProfile(MachineProfile profile) => _profiles.Save(_target.File, Target, profile);

    /// <summary>What the target's forwards take here; measured when it is first asked for.</summary>
    public CostModel Cost => CostOf(Law);

    /// <summary>What forwards of the target or of a draft take here; measured when it is first asked for.</summary>
    public CostModel CostOf(IModel model)
    {
        if (!_costs.TryGetValue(model, out CostModel? cost)) _costs.Add(model, cost = CostMeasurement.Measure(model, TimeProvider.System, reading: model != Law));
        return cost;
    }

    /// <summary>A planner for a drafter that uses models of this host.</summary>
    public Planner NewPlanner(Drafter drafter)
    {
        Planner planner = new(Cost);
        Tell(planner, drafter);
        return planner;
    }

    private void Tell(Planner planner, Drafter drafter)
    {
        foreach (Drafter member in drafter.Members) Tell(planner, member);
        if (drafter.Model is { } model) planner.Know(drafter, CostOf(model));
    }

    /// <inheritdoc/>
    public ISpecHost Beside => new Apart(this);

    /// <inheritdoc/>
    public object? Supply(Type type, string parameter, string? file) => Supply(type, parameter, file, beside: false);

    public void Dispose()
    {
        foreach (CorpusIndex corpus in _corpora.Values) corpus.Dispose();
        foreach (HeadFile head in _heads.Values) head.Dispose();
        foreach (LoadedModel draft in _drafts.Values) draft.Dispose();
        _target.Dispose();
    }

    private static ILayeredModel Guided(LoadedModel target, CodeLayout? codes, float? scale)
    {
        if (codes is null) return scale is null ? target.Model : throw new Failure($"--guidance: '{target.Path}' is a model of text, whose conditions cannot be left out.");
        int[] without = [.. Enumerable.Range(0, target.Model.Vocab).Select(token => codes.IsCondition(token) ? codes.Blank : token)];
        return codes.End <= target.Model.Vocab
            ? GuidedModel.Of(target.Model, without, scale ?? codes.Guidance)
            : throw new Failure($"'{target.Path}' states codes up to id {codes.End - 1} and has {target.Model.Vocab} tokens: it is damaged.");
    }

    private object? Supply(Type type, string parameter, string? file, bool beside)
    {
        if (type == typeof(Tokenizer)) return file is null ? Tokenizer : ModelFile.ReadTokenizer(file);
        if (type == typeof(CorpusIndex)) return file is null ? null : Corpus(file);
        if (type == typeof(TokenVectors)) return file is null ? Embeddings() : TokenVectors.Open(file, Codes?.First ?? 0, Codes?.Count ?? 0);
        if (type == typeof(ForeignModel)) return (file ?? DraftPath) is { } path ? Foreign(Draft(path, beside), "") : null;
        if (HeadFile.MayHold(type)) return (file ?? TrainedFile(parameter, TargetPath)) is { } head ? Trained(type, head, beside) : null;
        if (type == typeof(ParallelModel)) return (file ?? TrainedFile(parameter, TargetPath)) is { } parallel ? Parallel(Draft(parallel, beside)) : null;
        if (type == typeof(AcceptanceHead)) return (file ?? TrainedFile(parameter, TargetPath)) is { } acceptance ? ModelFile.OpenAcceptance(acceptance) : null;
        // Views of a guided pair are guided, too; who needs the transformer itself works on the half with the condition.
        if (file is null && parameter == "target" && type.IsInstanceOfType(Law)) return Law;
        if (!type.IsAssignableFrom(typeof(Transformer))) return null;
        if (file is null && parameter == "target") return Target;
        if ((file ?? DraftPath) is not { } draft) return null;
        LoadedModel loaded = Draft(draft, beside);
        // Whoever needs the model's own type takes part in its forward and must share the vocabulary.
        if (VocabularyMatch.Difference(_target, loaded) is not { } difference) return loaded.Model;
        return type == typeof(IModel) && Tokenizer is not null && loaded.HasVocabulary ? Foreign(loaded, difference) : throw VocabularyMatch.Refuse(loaded, difference);
    }

    // Of a model of codes only these: text is nowhere near them, and books are not near one another.
    private TokenVectors Embeddings() => Codes is { } codes
        ? new TokenVectors(codes.Books * codes.Count, Target.HiddenSize, (index, vector) => Target.ReadEmbedding(codes.First + index, vector)) { First = codes.First, Book = codes.Count }
        : new TokenVectors(Target.Vocab, Target.HiddenSize, Target.ReadEmbedding);

    // A draft in a language of its own, with what its tokens mean to the target.
    private ForeignModel Foreign(LoadedModel draft, string difference)
    {
        if (!_foreign.TryGetValue(draft, out ForeignModel? known))
            _foreign.Add(draft, known = new ForeignModel(draft.Model, VocabularyMap.Between(RequireTokenizer(), Tokenizer.FromGguf(draft.File))) { Difference = difference });
        return known;
    }

    private ParallelModel Parallel(LoadedModel draft)
    {
        if (_parallel.TryGetValue(draft, out ParallelModel? known)) return known;
        if (VocabularyMatch.Difference(_target, draft) is { } difference) throw VocabularyMatch.Refuse(draft, difference);
        _parallel.Add(draft, known = ParallelModel.Load(draft.File, draft.Model));
        return known;
    }

    // Models that run in turn with the target share its threads; one that runs beside it has its own.
    private LoadedModel Draft(string path, bool beside)
    {
        if (_drafts.TryGetValue((path, beside), out LoadedModel? known)) return known;
        ModelOptions options = new() { Team = beside ? null : Target.Team, Threads = _settings.DraftThreads, CacheType = _settings.CacheType, ContextLength = Target.ContextLength };
        LoadedModel draft = Heard is { } heard ? LoadedModel.Listen(path, options, heard.States) : LoadedModel.Open(path, options);
        _drafts.Add((path, beside), draft);
        return draft;
    }

    // What was trained for one target says nothing about another, so a target that is not the embedded one has only the folder that is named.
    private string? TrainedFile(string kind, string target) => _settings.Heads is { } folder ? new HeadsFolder(folder).Find(kind) : _embedded.Heads.Find(kind) is { } path && _embedded.IsTarget(target) ? path : null;

    // Files that will be loaded beside the target, each once. The draft counts even if no spec names it, since it is what is used by default.
    private IEnumerable<BesideFile> Others(ModelSettings settings, string target)
    {
        IEnumerable<BesideFile> named = settings.Needs.Where(need => HoldsWeights(need.Type)).Select(need => (need.Type, File: need.File ?? (IsTrained(need.Type) ? TrainedFile(need.Parameter, target) : null)))
            .Where(need => need.File is not null).Select(need => new BesideFile(need.File!, need.Type == typeof(IHead)));
        return (DraftPath is null ? named : named.Prepend(new BesideFile(DraftPath, false))).DistinctBy(file => file.Path);
    }

    private static bool HoldsWeights(Type type) => IsTrained(type) || type == typeof(ForeignModel) || type.IsAssignableFrom(typeof(Transformer));

    private static bool IsTrained(Type type) => HeadFile.MayHold(type) || type == typeof(ParallelModel) || type == typeof(AcceptanceHead);

    private object Trained(Type type, string path, bool beside)
    {
        if (!_heads.TryGetValue((path, beside), out HeadFile? file))
        {
            file = ModelFile.OpenHead(path, Target, new ModelOptions { Team = beside ? null : Target.Team, Threads = _settings.DraftThreads });
            _heads.Add((path, beside), file);
        }
        return type.IsInstanceOfType(file.Content) ? file.Content : throw new Failure($"'{path}' was trained for another method: it is of the kind '{file.Kind}'.");
    }

    private CorpusIndex Corpus(string path)
    {
        if (!_corpora.TryGetValue(path, out CorpusIndex? known)) _corpora.Add(path, known = CorpusFile.Open(path, RequireTokenizer()));
        return known;
    }

    private sealed class Apart(ModelHost host) : ISpecHost
    {
        public object? Supply(Type type, string parameter, string? file) => host.Supply(type, parameter, file, beside: true);
    }
}
