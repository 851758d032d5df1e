using Percheron.Models;

namespace Percheron.Decoding;

/// <summary>One request: its tokens, settings, randomness, limits and the target's cache of its prefix.</summary>
public sealed class Sequence
{
    private int[] _tokens;
    private int _rounds;

    /// <param name="prompt">At least one token; copied.</param>
    /// <param name="options">Settings; the defaults of <see cref="SequenceOptions"/> if null.</param>
    public Sequence(ReadOnlySpan<int> prompt, SequenceOptions? options = null)
    {
        if (prompt.IsEmpty) throw new ArgumentException("a sequence starts from at least one token: add a beginning-of-text token to an empty prompt", nameof(prompt));
        Options = options ?? new SequenceOptions();
        Options.Sampling.Validate();
        ArgumentOutOfRangeException.ThrowIfNegative(Options.MaxTokens);
        _tokens = new int[prompt.Length + Math.Clamp(Options.MaxTokens, 16, 4096)];
        prompt.CopyTo(_tokens);
        Count = PromptLength = prompt.Length;
        Random = Options.Random!;
        if (Options.MaxTokens == 0) Finish = FinishReason.Length;
    }

    /// <summary>The settings it was made with.</summary>
    public SequenceOptions Options { get; }

    /// <summary>How logits become laws.</summary>
    public SamplingSettings Sampling => Options.Sampling;

    /// <summary>Number of prompt tokens.</summary>
    public int PromptLength { get; private set; }

    /// <summary>Number of committed tokens, prompt included.</summary>
    public int Count { get; private set; }

    /// <summary>All committed tokens; the span is good until the next step.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>The committed tokens behind the prompt.</summary>
    public ReadOnlySpan<int> Output => _tokens.AsSpan(PromptLength, Count - PromptLength);

    /// <summary>The only source of randomness: drafters draw from it too, child sequences share it. Set when the sequence first enters a decoder.</summary>
    public RandomSource Random { get; internal set; }

    /// <summary>The target's cache; null before the first step and after the last.</summary>
    public KvCache? Cache { get; internal set; }

    /// <summary>Why it ended, or <see cref="FinishReason.None"/>.</summary>
    public FinishReason Finish { get; internal set; }

    /// <summary>Whether it has ended.</summary>
    public bool Done => Finish != FinishReason.None;

    /// <summary>Counters of this sequence alone; times are kept by the decoder.</summary>
    public DecodingStatistics Statistics { get; } = new();

    /// <summary>Refinement rounds since the last commit.</summary>
    internal ref int Rounds => ref _rounds;

    /// <summary>Ends the sequence before its next step, keeping what is committed.</summary>
    public void Cancel()
    {
        if (!Done) Finish = FinishReason.Cancelled;
    }

    /// <summary>
    /// Makes this a continuation of other tokens: keeps what agrees, forgets the rest here and in the cache, and gives it <paramref name="maxTokens"/> new tokens to go.
    /// A drafter that decodes with a middle model keeps one child sequence that follows its parent.
    /// </summary>
    public void Follow(ReadOnlySpan<int> tokens, int maxTokens)
    {
        int agree = Tokens.CommonPrefixLength(tokens);
        Cache?.Truncate(Math.Min(agree, tokens.Length - 1));
        Count = 0;
        Append(tokens);
        (PromptLength, Finish, Limit, _rounds) = (tokens.Length, FinishReason.None, tokens.Length + maxTokens, 0);
    }

    /// <summary>Largest number of tokens, prompt included; set by <see cref="Follow"/>, else from the options.</summary>
    internal long Limit { get => field > 0 ? field : (long)PromptLength + Options.MaxTokens; private set; }

    internal void Append(int token)
    {
        if (Count == _tokens.Length) Array.Resize(ref _tokens, 2 * Count);
        _tokens[Count++] = token;
    }

    internal void Cut(int count) => Count = Math.Min(Count, count);

    private void Append(ReadOnlySpan<int> tokens)
    {
        if (_tokens.Length < Count + tokens.Length) Array.Resize(ref _tokens, 2 * (Count + tokens.Length));
        tokens.CopyTo(_tokens.AsSpan(Count));
        Count += tokens.Length;
    }
}
