using Percheron.Cli.Output;
using Percheron.Formats;
using Percheron.Models;

namespace Percheron.Cli.Hosting;

/// <summary>Reads off a GGUF file what running its model will take.</summary>
internal static class RunningCost
{
    private const string Embedding = "token_embd.weight", Head = "output.weight";

    /// <summary>Null where the file lacks what it takes, as a vocabulary without weights does.</summary>
    public static CostReport? Of(GgufFile file)
    {
        if (Cache(file) is not { } cache) return null;
        long weights = file.Tensors.Sum(t => t.ByteLength), whole = MemoryNeed.Of(file, CacheType.Auto)?.Total(cache.Positions) ?? weights;
        return new CostReport(PerToken(file, weights), 1024 * cache.Values * 2, 1024 * cache.Values * 4, cache.Positions, whole);
    }

    /// <summary>Values that the cache keeps of a position, and positions the model was trained for; null where the file does not say.</summary>
    public static (long Values, int Positions)? Cache(GgufFile file)
    {
        string architecture = file.GetString("general.architecture", "");
        if (file.Tensors.Count == 0
            || !file.TryGetInt32($"{architecture}.block_count", out int layers)
            || !file.TryGetInt32($"{architecture}.embedding_length", out int width)
            || !TryHeads(file, $"{architecture}.attention.head_count", out int heads)
            || !file.TryGetInt32($"{architecture}.context_length", out int context)
            || heads <= 0) return null;
        if (!TryHeads(file, $"{architecture}.attention.head_count_kv", out int keyHeads)) keyHeads = heads;
        long keys = file.GetInt32($"{architecture}.attention.key_length", width / heads);
        long values = file.GetInt32($"{architecture}.attention.value_length", width / heads);
        return ((long)layers * keyHeads * (keys + values), context);
    }

    // An embedding is one row for each token, unless it is the output matrix too. Learned positions are one row as well.
    private static long PerToken(GgufFile file, long weights)
    {
        if (file.TryGetTensor(Embedding, out TensorInfo? embedding) && file.TryGetTensor(Head, out _)) weights -= embedding.ByteLength - embedding.RowBytes;
        if (file.TryGetTensor("position_embd.weight", out TensorInfo? positions)) weights -= positions.ByteLength - positions.RowBytes;
        return weights;
    }

    // A few architectures have a number of heads for each layer; the first stands for all.
    private static bool TryHeads(GgufFile file, string key, out int heads)
    {
        heads = 0;
        if (!file.Metadata.TryGetValue(key, out GgufValue? value)) return false;
        if (!value.IsArray) return value.TryInteger(out heads);
        int[] perLayer = file.TryGetInts(key, out int[] numbers) ? numbers : [];
        heads = perLayer.FirstOrDefault();
        return perLayer.Length > 0;
    }
}
