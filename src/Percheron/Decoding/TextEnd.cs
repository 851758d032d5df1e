namespace Percheron.Decoding;

/// <summary>Where a text ends that has just grown: at its limit, at a stop token, or where a stop condition cuts it.</summary>
internal static class TextEnd
{
    /// <summary>Cuts what was committed from <paramref name="from"/> on and says why the sequence has ended, if it has. The limit cuts first, so that no stop condition sees a token that plain decoding would never have reached.</summary>
    public static void StopOrGoOn(Sequence sequence, int from, long limit)
    {
        int keep = (int)Math.Min(sequence.Count, limit);
        FinishReason reason = keep == limit ? FinishReason.Length : FinishReason.None;
        if (FirstStopToken(sequence, from, keep) is >= 0 and var stop) (keep, reason) = (stop + 1, FinishReason.Stop);
        for (int s = 0; s < sequence.Options.Stops.Count; s++)
            if (sequence.Options.Stops[s].Cut(sequence.Tokens[..keep], from) is >= 0 and var cut) (keep, reason) = (Math.Clamp(cut, sequence.PromptLength, keep), FinishReason.Stop);
        sequence.Cut(keep);
        if (!sequence.Done) sequence.Finish = reason;
    }

    private static int FirstStopToken(Sequence sequence, int from, int to)
    {
        IReadOnlyList<int> stops = sequence.Options.StopTokens;
        for (int i = from; i < to; i++)
            for (int s = 0; s < stops.Count; s++)
                if (sequence.Tokens[i] == stops[s]) return i;
        return -1;
    }
}
