using Percheron.Cli.Output;
using Percheron.Formats;
using Percheron.Models;

namespace Percheron.Cli.Hosting;

/// <summary>What a model takes while it runs, added up before anything is loaded.</summary>
/// <param name="Weights">Stored bytes of all tensors; a packed copy takes the place of what it was made from.</param>
/// <param name="CachePerPosition">Keys and values.</param>
/// <param name="Positions">The model was trained for.</param>
/// <param name="Logits">Of a full tree.</param>
/// <param name="Activations">Of a chunk of a prompt.</param>
/// <param name="ContextMatters">Whether the model says something else in another context: then memory must not choose it.</param>
internal sealed record MemoryNeed(long Weights, long CachePerPosition, int Positions, long Logits, long Activations, bool ContextMatters = false)
{
    /// <summary>Positions below which a model is not worth loading unasked.</summary>
    public const int LeastContext = 512;

    // The runtime, its code and the tokenizer.
    private const long Runtime = 100L << 20;
    private const int TreeRows = 65, ChunkRows = 256;

    // States that a head reads whose file does not say how many.
    private const int MostStates = 3;

    /// <summary>Bytes of a run.</summary>
    /// <param name="positions">Of each sequence.</param>
    /// <param name="sequences">Decoded at the same time.</param>
    public long Total(long positions, int sequences = 1) => Standing(sequences) + (sequences * positions * CachePerPosition);

    /// <summary>Null where the file lacks what it takes, as a vocabulary without weights does.</summary>
    public static MemoryNeed? Of(GgufFile file, CacheType type)
    {
        if (RunningCost.Cache(file) is not { } cache || !file.TryGetTensor("token_embd.weight", out TensorInfo? embedding)) return null;
        long widest = file.Tensors.Max(t => t.Columns);
        return new MemoryNeed(file.Tensors.Sum(t => t.ByteLength), cache.Values * (IsSingle(file, type) ? sizeof(float) : 2), cache.Positions, TreeRows * sizeof(float) * embedding.Rows, ChunkRows * sizeof(float) * 8 * widest, file.TryGetTensor("rope_factors_long.weight", out _));
    }

    /// <summary>
    /// The context that the target and what is loaded beside it fit into memory with: the one that was asked for; without one as many positions as the target was trained for, or as fit.
    /// </summary>
    /// <param name="settings">Context, sequences and precision of the caches.</param>
    /// <param name="path">The target.</param>
    /// <param name="others">Drafts, heads and the like; what is not there counts as nothing.</param>
    /// <param name="available">Bytes.</param>
    /// <returns>Null where nothing is known about the target.</returns>
    /// <exception cref="Failure">They do not fit, or there is no target.</exception>
    public static int? FittingContext(ModelSettings settings, string path, IReadOnlyList<BesideFile> others, long available)
    {
        if (Of(path, settings.CacheType) is not { } target) return null;
        MemoryNeed beside = others.Aggregate(new MemoryNeed(0, 0, target.Positions, 0, 0), (sum, other) => sum.With(OfBeside(other, settings.CacheType))), all = target.With(beside);
        int wanted = Math.Min(settings.Context ?? all.Positions, all.Positions);
        long standing = all.Standing(settings.Sequences), each = settings.Sequences * all.CachePerPosition, fitting = Math.Max(0, available - standing) / Math.Max(1, each);
        if (all.Total(wanted, settings.Sequences) <= available) return wanted;
        if (settings.Context is null && fitting >= LeastContext && !target.ContextMatters) return (int)fitting;
        string hint = fitting > 0 && each > 0 ? $"--context {fitting} would fit" : "no --context is small enough; take a smaller model or precision";
        throw new Failure(
            $"'{path}' does not fit: {Quantity.Bytes(all.Total(wanted, settings.Sequences))} are needed (weights {Quantity.Bytes(target.Weights)}{(beside.Weights > 0 ? $", drafts {Quantity.Bytes(beside.Weights)}" : "")}, "
            + $"caches of {(settings.Sequences > 1 ? $"{settings.Sequences} × " : "")}{wanted} positions {Quantity.Bytes(wanted * each)}, working memory {Quantity.Bytes(standing - all.Weights)}), {Quantity.Bytes(Math.Max(0, available))} are available; {hint}.");
    }

    private MemoryNeed With(MemoryNeed other) =>
        this with { Weights = Weights + other.Weights, CachePerPosition = CachePerPosition + other.CachePerPosition, Logits = Logits + other.Logits, Activations = Activations + other.Activations };

    private long Standing(int sequences) => Weights + Activations + Runtime + (sequences * Logits);

    private static MemoryNeed? Of(string path, CacheType type)
    {
        using GgufFile file = ModelFile.Open(path);
        return Of(file, type);
    }

    // What is wrong with such a file is told where it is loaded, if it is.
    private static MemoryNeed OfBeside(BesideFile other, CacheType type)
    {
        MemoryNeed nothing = new(0, 0, 0, 0, 0);
        try
        {
            // A published head is put into the form of a file of ours, in memory.
            if (Directory.Exists(other.Path)) return nothing with { Weights = Directory.EnumerateFiles(other.Path, "*.safetensors").Sum(file => new FileInfo(file).Length) };
            if (!File.Exists(other.Path)) return nothing;
            using GgufFile file = GgufFile.Open(other.Path);
            return other.ReadsStates ? OfHead(file, type, StateBytes(file)) : Of(file, type) ?? OfHead(file, type, 0);
        }
        catch (Exception e) when (e is ModelFormatException or IOException or UnauthorizedAccessException)
        {
            return nothing;
        }
    }

    // Layers of a head's own, if it has any, have caches as a model's; logits are those of the target's tokens, whoever's projection makes them.
    private static MemoryNeed OfHead(GgufFile file, CacheType type, long states)
    {
        long vocab = Math.Max(0, file.GetInt32($"{Architecture(file)}.vocab_size", 0)), keys = (RunningCost.Cache(file)?.Values ?? 0) * (IsSingle(file, type) ? sizeof(float) : 2);
        return new MemoryNeed(file.Tensors.Sum(t => t.ByteLength), keys + states, 0, TreeRows * sizeof(float) * vocab, ChunkRows * sizeof(float) * 8 * file.Tensors.Select(t => t.Columns).DefaultIfEmpty().Max());
    }

    // States of a prompt are kept until the head reads it, in a buffer that doubles.
    private static long StateBytes(GgufFile file)
    {
        int states = file.TryGetInts($"{Architecture(file)}.states", out int[] read) ? read.Length : MostStates;
        return 2L * sizeof(float) * states * Math.Max(0, file.GetInt32($"{Architecture(file)}.embedding_length", 0));
    }

    private static string Architecture(GgufFile file) => file.GetString("general.architecture", "");

    private static bool IsSingle(GgufFile file, CacheType type) => type == CacheType.F32 || (type == CacheType.Auto && file.Tensors.All(t => t.Dimensions.Length < 2 || t.Type == TensorType.F32));
}
