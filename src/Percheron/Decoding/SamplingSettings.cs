namespace Percheron.Decoding;

/// <summary>How logits become the law that is sampled. The order is llama.cpp's: bias, penalties, top-k, top-p, min-p, temperature.</summary>
public sealed record SamplingSettings
{
    /// <summary>Always the most probable token.</summary>
    public static SamplingSettings Greedy { get; } = new() { Temperature = 0 };

    /// <summary>The model's own law: temperature 1 and nothing cut.</summary>
    public static SamplingSettings Plain { get; } = new() { Temperature = 1, TopK = 0, TopP = 1, MinP = 0 };

    /// <summary>Divides the logits; 0 takes the most probable token (the lowest id among equals).</summary>
    public float Temperature { get; init; } = 0.8f;

    /// <summary>Keeps the K most probable tokens; 0 keeps all.</summary>
    public int TopK { get; init; } = 40;

    /// <summary>Keeps the fewest most probable tokens that together reach this probability; 1 keeps all.</summary>
    public float TopP { get; init; } = 0.95f;

    /// <summary>Keeps tokens at least this probable relative to the most probable one; 0 keeps all.</summary>
    public float MinP { get; init; } = 0.05f;

    /// <summary>Divides positive and multiplies negative logits of recent tokens; 1 is off.</summary>
    public float RepeatPenalty { get; init; } = 1;

    /// <summary>Subtracted once for every recent occurrence of a token.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Subtracted from every token that occurs recently.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>How many of the last tokens are recent; −1 means all.</summary>
    public int PenaltyWindow { get; init; } = 64;

    /// <summary>Added to the logits of single tokens before anything else; negative infinity forbids a token.</summary>
    public IReadOnlyList<KeyValuePair<int, float>> LogitBias { get; init; } = [];

    /// <summary>Whether the law depends on the tokens before it other than through the logits.</summary>
    public bool HasPenalties => PenaltyWindow != 0 && (RepeatPenalty != 1 || FrequencyPenalty != 0 || PresencePenalty != 0);

    /// <summary>Says in one line which setting is out of range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public void Validate()
    {
        Check(Temperature >= 0 && float.IsFinite(Temperature), nameof(Temperature), "0 or more");
        Check(TopK >= 0, nameof(TopK), "0 (all) or more");
        Check(TopP is > 0 and <= 1, nameof(TopP), "in (0, 1]");
        Check(MinP is >= 0 and <= 1, nameof(MinP), "in [0, 1]");
        Check(RepeatPenalty > 0 && float.IsFinite(RepeatPenalty), nameof(RepeatPenalty), "above 0");
        Check(float.IsFinite(FrequencyPenalty), nameof(FrequencyPenalty), "finite");
        Check(float.IsFinite(PresencePenalty), nameof(PresencePenalty), "finite");
        Check(PenaltyWindow >= -1, nameof(PenaltyWindow), "-1 (all), 0 (off) or more");
    }

    private static void Check(bool holds, string name, string range)
    {
        if (!holds) throw new ArgumentOutOfRangeException(name, $"{name} must be {range}");
    }
}
