namespace Percheron.Kernels;

/// <summary>
/// Softmax attention of one query row for the heads that share a key-value head. Source: Vaswani et al. 2017, section 3.2.1; grouped heads: Ainslie et al. 2023.
/// </summary>
/// <remarks>
/// Nothing depends on where a position is stored, so a row of a tree and the same row of a sequential run give the same bits: scores are dot products in
/// one order, their maximum is exact, the weights are summed with lane = absolute position mod 16, and values are added position by position.
/// </remarks>
public static unsafe class Attention
{
    /// <summary>Floats of scratch that <see cref="Attend"/> needs for <paramref name="positions"/> seen positions.</summary>
    public static int ScratchFloats(int positions, int groupHeads) => groupHeads * (((positions + 30) & ~15) + 16);

    /// <summary>output[h] = Σ over positions of softmax(q[h] · key · scale) · value.</summary>
    /// <param name="span">What the row sees; at least one position.</param>
    /// <param name="q">[groupHeads, headDim].</param>
    /// <param name="groupHeads">Query heads that share the key-value head.</param>
    /// <param name="headDim">Elements of a head, any positive number.</param>
    /// <param name="scale">Usually 1 ÷ √headDim.</param>
    /// <param name="scores">Scratch of <see cref="ScratchFloats"/> floats; overwritten.</param>
    /// <param name="output">[groupHeads, headDim]; must not overlap q.</param>
    public static void Attend(in AttentionSpan span, float* q, int groupHeads, int headDim, float scale, float* scores, float* output)
    {
        if (span.Half && span.Finite) Choose<StoredFiniteHalf>(in span, q, groupHeads, headDim, scale, scores, output);
        else if (span.Half) Choose<StoredHalf>(in span, q, groupHeads, headDim, scale, scores, output);
        else Choose<StoredSingle>(in span, q, groupHeads, headDim, scale, scores, output);
    }

    private static void Choose<TStored>(in AttentionSpan span, float* q, int groupHeads, int headDim, float scale, float* scores, float* output)
        where TStored : struct, IFloatWeights
    {
        AttentionHeads heads = new(in span, q, groupHeads, headDim, scale, scores, output);
        switch (InstructionSet.Active)
        {
            case InstructionLevel.Avx512: Run<Lanes512, TStored>(in span, in heads); break;
            case InstructionLevel.Avx2: Run<Lanes256, TStored>(in span, in heads); break;
            case InstructionLevel.AdvSimd: Run<Lanes128, TStored>(in span, in heads); break;
            default: Run<LanesScalar, TStored>(in span, in heads); break;
        }
    }

    private static void Run<TLanes, TStored>(in AttentionSpan span, in AttentionHeads heads)
        where TLanes : unmanaged, ILanes<TLanes>
        where TStored : struct, IFloatWeights
    {
        int h = 0;
        for (; h + 4 <= heads.Count; h += 4) AttentionScores<TLanes, TStored>.Four(in span, in heads, h);
        for (; h + 2 <= heads.Count; h += 2) AttentionScores<TLanes, TStored>.Two(in span, in heads, h);
        for (; h < heads.Count; h++) AttentionScores<TLanes, TStored>.One(in span, in heads, h);
        for (h = 0; h < heads.Count; h++) AttentionWeights<TLanes>.Normalise(in heads, h);
        for (h = 0; h + 4 <= heads.Count; h += 4) AttentionValues<TLanes, TStored>.Four(in span, in heads, h);
        for (; h + 2 <= heads.Count; h += 2) AttentionValues<TLanes, TStored>.Two(in span, in heads, h);
        for (; h < heads.Count; h++) AttentionValues<TLanes, TStored>.One(in span, in heads, h);
    }
}
