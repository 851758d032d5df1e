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

    /// <summary>Bytes of a run.</summary>
    /// <param name="positions">Of each sequence.</param>
    /// <param name="sequences">Decoded at the same time.</param>
    public long Total(long positions, int sequences = 1) => Standing(sequences) + (sequences * positions * CachePerPosition);

    /// <summary>Null where the file lacks what it takes, as a vocabulary without weights does.</summary>
    public static MemoryNeed? Of(GgufFile file, CacheType type)
    {
        if (RunningCost.Cache(file) is not { } cache || !file.TryGetTensor("token_embd.weight", out TensorInfo? embedding)) return null;
        bool single = type == CacheType.F32 || (type == CacheType.Auto && file.Tensors.All(t => t.Dimensions.Length < 2 || t.Type == TensorType.F32));
        long widest = file.Tensors.Max(t => t.Columns);
        return new MemoryNeed(file.Tensors.Sum(t => t.ByteLength), cache.Values * (single ? sizeof(float) : 2), cache.Positions, TreeRows * sizeof(float) * embedding.Rows, ChunkRows * sizeof(float) * 8 * widest, file.TryGetTensor("rope_factors_long.weight", out _));
    }

    /// <summary>
    /// The context that target and draft fit into memory with: the one that was asked for; without one as many positions as the target was trained for, or as fit.
    /// </summary>
    /// <param name="settings">Context, sequences and precision of the caches.</param>
    /// <param name="path">The target.</param>
    /// <param name="draftPath">The draft, or null.</param>
    /// <param name="available">Bytes.</param>
    /// <returns>Null where nothing is known about the target.</returns>
    /// <exception cref="Failure">They do not fit, or there is no target.</exception>
    public static int? FittingContext(ModelSettings settings, string path, string? draftPath, long available)
    {
        if (Of(path, settings.CacheType) is not { } target) return null;
        MemoryNeed draft = (File.Exists(draftPath) ? OfDraft(draftPath, settings.CacheType) : null) ?? new MemoryNeed(0, 0, 0, 0, 0);
        MemoryNeed both = new(target.Weights + draft.Weights, target.CachePerPosition + draft.CachePerPosition, target.Positions, target.Logits + draft.Logits, target.Activations + draft.Activations);
        int wanted = Math.Min(settings.Context ?? both.Positions, both.Positions);
        long standing = both.Standing(settings.Sequences), each = settings.Sequences * both.CachePerPosition, fitting = Math.Max(0, available - standing) / Math.Max(1, each);
        if (both.Total(wanted, settings.Sequences) <= available) return wanted;
        if (settings.Context is null && fitting >= LeastContext && !target.ContextMatters) return (int)fitting;
        string hint = fitting > 0 && each > 0 ? $"--context {fitting} would fit" : "no --context is small enough; take a smaller model or precision";
        throw new Failure(
            $"'{path}' does not fit: {Quantity.Bytes(both.Total(wanted, settings.Sequences))} are needed (weights {Quantity.Bytes(target.Weights)}{(draft.Weights > 0 ? $", draft {Quantity.Bytes(draft.Weights)}" : "")}, "
            + $"caches of {(settings.Sequences > 1 ? $"{settings.Sequences} × " : "")}{wanted} positions {Quantity.Bytes(wanted * each)}, working memory {Quantity.Bytes(standing - both.Weights)}), {Quantity.Bytes(Math.Max(0, available))} are available; {hint}.");
    }

    private long Standing(int sequences) => Weights + Activations + Runtime + (sequences * Logits);

    private static MemoryNeed? Of(string path, CacheType type)
    {
        using GgufFile file = ModelFile.Open(path);
        return Of(file, type);
    }

    // What is wrong with a draft is told where it is loaded, if it is.
    private static MemoryNeed? OfDraft(string path, CacheType type)
    {
        try
        {
            return Of(path, type);
        }
        catch (ModelFormatException)
        {
            return null;
        }
    }
}
