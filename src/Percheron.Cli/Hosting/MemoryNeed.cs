using Percheron.Cli.Output;
using Percheron.Formats;
using Percheron.Models;

namespace Percheron.Cli.Hosting;

/// <summary>What a run takes, added up before anything is loaded.</summary>
/// <param name="Weights">Stored bytes of all tensors; a packed copy takes the place of what it was made from.</param>
/// <param name="CachePerPosition">Keys and values.</param>
/// <param name="Positions">The model was trained for.</param>
/// <param name="Working">Logits of a full tree, activations of a chunk of a prompt.</param>
internal sealed record MemoryNeed(long Weights, long CachePerPosition, int Positions, long Working)
{
    // The runtime, its code and the tokenizer.
    private const long Runtime = 100L << 20;
    private const int TreeRows = 65, ChunkRows = 256;

    /// <summary>Ends with one line if target and draft do not fit.</summary>
    /// <param name="settings">Context and precision of the caches.</param>
    /// <param name="path">The target.</param>
    /// <param name="draftPath">The draft, or null.</param>
    /// <param name="available">Bytes.</param>
    /// <exception cref="Failure">They do not fit, or there is no target.</exception>
    public static void RequireFit(ModelSettings settings, string path, string? draftPath, long available)
    {
        if (Of(path, settings.CacheType) is not { } target) return;
        MemoryNeed draft = (File.Exists(draftPath) ? OfDraft(draftPath, settings.CacheType) : null) ?? new MemoryNeed(0, 0, 0, 0);
        long positions = Math.Min(settings.Context ?? target.Positions, target.Positions), perPosition = target.CachePerPosition + draft.CachePerPosition;
        long standing = target.Weights + draft.Weights + target.Working + draft.Working + Runtime, need = standing + (positions * perPosition);
        if (need <= available) return;
        long fitting = perPosition > 0 ? Math.Max(0, available - standing) / perPosition : 0;
        string hint = fitting > 0 ? $"--context {fitting} would fit" : "no --context is small enough; take a smaller model or precision";
        throw new Failure(
            $"'{path}' does not fit: {Quantity.Bytes(need)} are needed (weights {Quantity.Bytes(target.Weights)}{(draft.Weights > 0 ? $", draft {Quantity.Bytes(draft.Weights)}" : "")}, "
            + $"caches of {positions} positions {Quantity.Bytes(positions * perPosition)}, working memory {Quantity.Bytes(target.Working + draft.Working + Runtime)}), {Quantity.Bytes(Math.Max(0, available))} are available; {hint}.");
    }

    private static MemoryNeed? Of(string path, CacheType type)
    {
        using GgufFile file = ModelFile.Open(path);
        if (RunningCost.Of(file) is not { } cost || !file.TryGetTensor("token_embd.weight", out TensorInfo? embedding)) return null;
        long weights = file.Tensors.Sum(t => t.ByteLength);
        bool single = type == CacheType.F32 || (type == CacheType.Auto && file.Tensors.All(t => t.Dimensions.Length < 2 || t.Type == TensorType.F32));
        long widest = file.Tensors.Max(t => t.Columns);
        return new MemoryNeed(weights, (single ? cost.CacheBytesPer1KF32 : cost.CacheBytesPer1KF16) / 1024, cost.ContextLength, (TreeRows * 4 * embedding.Rows) + (ChunkRows * 4 * 8 * widest));
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
