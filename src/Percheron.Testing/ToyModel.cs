using Percheron.Models;

namespace Percheron.Testing;

/// <summary>
/// A model without arithmetic: the logits of a row are a hash of the last few inputs as they are read back through cache slots and scratch parents, so any mistake
/// in rows, parents, commits or positions changes the text. Two toys that differ in <see cref="Noise"/> only are a target and its imperfect draft.
/// </summary>
/// <remarks>
/// A hidden state is the context itself, newest input first (token + 1; above that, extra embeddings; 0 where there is nothing), then the number of the state; so
/// a row that starts from a hidden state answers as the row did from which that state was taken. In a steady state a forward allocates nothing.
/// </remarks>
/// <param name="vocab">Number of tokens.</param>
/// <param name="order">Number of inputs the logits depend on, the row's own included.</param>
/// <param name="seed">Which model.</param>
/// <param name="sharpness">The largest logit minus the smallest is about this: 0 is a uniform law.</param>
public class ToyModel(int vocab, int order = 3, ulong seed = 1, float sharpness = 6) : ILayeredModel
{
    private const int ExtraCount = 16;
    private readonly int[] _context = new int[order];
    private readonly ToyModel? _family;
    private readonly LayerSwitches? _switches;
    private readonly int[]? _tokens;
    private readonly ToyModel? _counts;

    /// <summary>A model that answers as <paramref name="other"/> does, with caches of its own.</summary>
    protected ToyModel(ToyModel other) : this(other.Vocab, other.HiddenSize - 1, other.Seed, other.Sharpness) =>
        (LayerCount, ContextLength, Noise, NoiseSeed, Dropped) = (other.LayerCount, other.ContextLength, other.Noise, other.NoiseSeed, other.Dropped);

    internal ToyModel(ToyModel other, float noise, ulong noiseSeed) : this(other) => (Noise, NoiseSeed) = (noise, noiseSeed);

    private ToyModel(ToyModel whole, int layers) : this(whole) =>
        (_family, LayerCount, Dropped) = (whole.Family, layers, whole.Dropped + whole.LayerCount - layers);

    private ToyModel(ToyModel whole, ViewOptions options) : this(whole, options.Layers?.Count ?? whole.LayerCount)
    {
        if (options.Switches is { } switches && switches.Layers != whole.LayerCount) throw new ArgumentException("there are switches for another number of layers", nameof(options));
        _switches = options.Switches;
        // A view that answers for fewer tokens does the work of the whole model, which therefore counts it.
        if (options.Tokens is { } tokens) (_tokens, _counts) = ([.. tokens], whole);
        if (options.Precision is not null) Noise += 0.02f * Sharpness;
    }

    /// <inheritdoc/>
    public int Vocab { get; } = vocab;

    /// <inheritdoc/>
    public int HiddenSize { get; } = order + 1;

    /// <inheritdoc/>
    public int LayerCount { get; init; } = 4;

    /// <inheritdoc/>
    public int ContextLength { get; init; } = 1 << 20;

    /// <summary>How far the logits lie from those of the same toy without noise.</summary>
    public float Noise { get; init; }

    /// <summary>Which noise.</summary>
    public ulong NoiseSeed { get; init; } = 1;

    /// <summary>Number of forwards so far.</summary>
    public long Forwards { get; private set; }

    /// <summary>Number of rows evaluated so far.</summary>
    public long Evaluated { get; private set; }

    /// <summary>Layers that rows went through so far: a row that starts at a later layer goes through fewer.</summary>
    public long EvaluatedLayers { get; private set; }

    /// <summary>Number of caches, overlays included, that were made and are not disposed; a view counts with the whole model.</summary>
    public int LiveCaches { get; internal set; }

    private ulong Seed { get; } = seed;

    private float Sharpness { get; } = sharpness;

    // Layers that views left out: each makes the answer worse by a twentieth of the sharpness.
    private int Dropped { get; }

    // What caches are told apart by: a view's are those of the whole model.
    internal ToyModel Family => _family ?? this;

    /// <inheritdoc/>
    public virtual KvCache NewCache() => new ToyCache(this);

    /// <summary>The same toy with noise that grows with the number of layers left out; with all layers it is the same model.</summary>
    public IModel View(ReadOnlySpan<int> layers)
    {
        for (int i = 0; i < layers.Length; i++)
            if ((uint)layers[i] >= (uint)LayerCount || (i > 0 && layers[i] <= layers[i - 1])) throw new ArgumentException("layers ascend strictly and are layers of the model", nameof(layers));
        return new ToyModel(this, layers.Length);
    }

    /// <summary>The same toy with noise for what the options leave out or store less exactly. Halves of layers are worth from nothing to the whole of what a layer is, each its own.</summary>
    public IModel View(ViewOptions options)
    {
        if (options.Layers is { } layers) View([.. layers]);
        return new ToyModel(this, options);
    }

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<Rows> batch)
    {
        Forwards++;
        for (int i = 0; i < batch.Length; i++)
        {
            for (int j = 0; j < i; j++)
                if (batch[j].Cache == batch[i].Cache) throw new ArgumentException("a cache occurs twice in the batch", nameof(batch));
            Forward(batch[i]);
        }
    }

    /// <summary>The logits [vocab] after a prefix, given newest token first: what a forward answers, without any cache.</summary>
    public void Logits(ReadOnlySpan<int> newestFirst, Span<float> logits)
    {
        ulong hash = Mix(Seed);
        foreach (int input in newestFirst[..Math.Min(newestFirst.Length, _context.Length)]) hash = Mix(hash ^ (ulong)(uint)(input + 1));
        float skipped = 0.05f * Dropped * Sharpness;
        for (int half = 0; half < (_switches?.Halves ?? 0); half++)
            if (!_switches![half]) skipped += 0.05f * Uniform(Mix(Seed), half) * Sharpness;
        for (int x = 0; x < logits.Length; x++)
        {
            float value = Sharpness * Uniform(hash, x);
            if (Noise != 0) value += Noise * Uniform(Mix(hash ^ Mix(NoiseSeed)), x);
            if (skipped != 0) value += skipped * Uniform(Mix(hash ^ (ulong)(uint)Dropped), x);
            logits[x] = value;
        }
    }

    private void Forward(Rows rows)
    {
        if (rows.Cache is not ToyCache cache || cache.Family != Family) throw new ArgumentException("the cache is not one of this model");
        if (cache.ScratchCount != rows.FirstScratch) throw new ArgumentException("the cache has changed since the rows were begun");
        Evaluated += rows.Count;
        if (_counts is not null) _counts.Evaluated += rows.Count;
        rows.PrepareOutputs(Vocab, HiddenSize);
        for (int row = 0; row < rows.Count; row++)
        {
            int scratch = cache.Place(rows.Parents[row], rows.Positions[row]);
            EvaluatedLayers += LayerCount - Math.Max(rows.StartLayers[row], 0);
            if (cache.Position(scratch) >= ContextLength) throw new ContextOverflowException(cache.Position(scratch) + 1, ContextLength);
            ReadOnlySpan<int> context = Read(rows, row, cache, scratch);
            if (rows.WantsLogits(row)) Answer(context, rows.LogitBuffer(row));
            for (int k = 0; k < rows.Features.Count; k++) Hidden(context, rows.Features.States[k], rows.FeatureBuffer(row, k));
        }
    }

    private void Answer(ReadOnlySpan<int> context, Span<float> logits)
    {
        Logits(context, logits);
        for (int token = 0; token < (_tokens is null ? 0 : logits.Length); token++)
            if (Array.BinarySearch(_tokens!, token) < 0) logits[token] = float.NegativeInfinity;
    }

    private ReadOnlySpan<int> Read(Rows rows, int row, ToyCache cache, int scratch)
    {
        if (rows.StartLayers[row] < 0)
        {
            bool extra = rows.Extras[row] >= 0;
            int input = extra ? rows.Extras[row] : rows.Tokens[row];
            if ((uint)input >= (uint)(extra ? ExtraCount : Vocab)) throw new ArgumentException($"{(extra ? "extra embedding" : "token")} {input} is out of range");
            cache.Write(scratch, extra ? Vocab + input : input);
            return _context.AsSpan(0, cache.Read(scratch, _context));
        }
        ReadOnlySpan<float> hidden = rows.StartHidden(row);
        if (hidden.Length != HiddenSize || rows.StartLayers[row] > LayerCount) throw new ArgumentException("a hidden state of another size or behind the last layer");
        int count = 0;
        while (count < _context.Length && hidden[count] != 0) _context[count] = (int)hidden[count++] - 1;
        cache.Write(scratch, rows.StartedRow(row) >= 0 ? Started(rows, row, cache, scratch) : count > 0 ? _context[0] : -1);
        return _context.AsSpan(0, count);
    }

    // A started row is read from the overlay later on, and from the hidden state now: a mistake in either changes the text.
    private static int Started(Rows rows, int row, ToyCache cache, int scratch)
    {
        if (rows.Started!.Overlay is not ToyCache overlay || !overlay.IsOver(cache)) throw new ArgumentException("rows are started in an overlay of the cache they are to enter");
        if (rows.StartHidden(row)[^1] != rows.StartLayers[row]) throw new ArgumentException($"state {rows.StartHidden(row)[^1]} was given where state {rows.StartLayers[row]} belongs");
        return overlay.Input(rows.StartedRow(row), cache.Position(scratch));
    }

    private void Hidden(ReadOnlySpan<int> context, int state, Span<float> hidden)
    {
        if ((uint)state > (uint)(LayerCount + 1)) throw new ArgumentException($"hidden state {state} does not exist");
        hidden.Clear();
        for (int i = 0; i < context.Length; i++) hidden[i] = context[i] + 1;
        hidden[^1] = state;
    }

    private static float Uniform(ulong hash, int x) => (Mix(hash + ((ulong)(uint)x * 0x9E3779B97F4A7C15)) >> 40) * (1f / (1 << 24));

    // The finalizer of SplitMix64.
    private static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
