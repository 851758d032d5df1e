using Percheron.Decoding;

namespace Percheron.Drafters;

/// <summary>Where a draft stands when its length is decided: all of it is known before the next token is drawn.</summary>
public readonly ref struct DraftPoint
{
    private readonly ref float _survival;

    /// <param name="sequence">For whom.</param>
    /// <param name="law">See <see cref="Law"/>.</param>
    /// <param name="depth">See <see cref="Depth"/>.</param>
    /// <param name="confidence">See <see cref="Confidence"/>.</param>
    /// <param name="survival">See <see cref="Survival"/>.</param>
    public DraftPoint(Sequence sequence, Distribution law, int depth, float confidence, ref float survival)
    {
        (Sequence, Law, Depth, Confidence) = (sequence, law, depth, confidence);
        _survival = ref survival;
    }

    /// <summary>For whom.</summary>
    public Sequence Sequence { get; }

    /// <summary>The draft's law of the next token; at temperature 0 that of temperature 1.</summary>
    public Distribution Law { get; }

    /// <summary>Tokens of the draft before it.</summary>
    public int Depth { get; }

    /// <summary>How likely the draft itself thinks that a token drawn from this law is accepted; NaN if it does not say.</summary>
    public float Confidence { get; }

    /// <summary>What the policy left at the point before on this path, 1 at the first; what it leaves here the next ones find.</summary>
    public ref float Survival => ref _survival;
}
