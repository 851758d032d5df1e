using Percheron.Models;

namespace Percheron.Decoding;

/// <summary>One request: its tokens, settings, randomness, limits and the target's cache of its prefix.</summary>
public sealed class Sequence
{
    private int[] _tokens;
    // Revision in which each token was written; empty until one is taken back. It never falls from one position to the next.
    private int[] _written = [];
    // The constraint's state after each output token, as far as it is known; −1 where it was broken.
    private int[] _constraintStates = [];
    private int _rounds, _constrained;
    private bool _follows;

    /// <param name="prompt">At least one token; copied.</param>
    /// <param name="options">Settings; the defaults of <see cref="SequenceOptions"/> if null.</param>
    public Sequence(ReadOnlySpan<int> prompt, SequenceOptions? options = null)
    {
        if (prompt.IsEmpty) throw new ArgumentException("a sequence starts from at least one token: add a beginning-of-text token to an empty prompt", nameof(prompt));
        Options = options ?? new SequenceOptions();
        Options.Sampling.Validate();
        ArgumentOutOfRangeException.ThrowIfNegative(Options.MaxTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(Options.MinTokens);
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

    /// <summary>The settings by which lossy rules judge: at temperature 0 those of temperature 1.</summary>
    internal SamplingSettings Judging => field ??= Sampling.Temperature > 0 ? Sampling : Sampling with { Temperature = 1 };

    /// <summary>The committed tokens behind the prompt.</summary>
    public ReadOnlySpan<int> Output => _tokens.AsSpan(PromptLength, Count - PromptLength);

    /// <summary>
    /// How many of the first tokens will stay: all, unless the sequence follows another one, whose next step may take back what it did not commit itself.
    /// What is slow to unlearn should be learned up to here only.
    /// </summary>
    public int Settled => _follows ? PromptLength : Count;

    /// <summary>Changes whenever tokens are taken back (<see cref="Follow"/>); see <see cref="Unchanged"/>.</summary>
    public int Revision { get; private set; }

    /// <summary>Vocabulary of the model that decodes it, which drafts must share; 0 before the first step.</summary>
    public int Vocab { get; internal set; }

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

    /// <summary>
    /// Another text of the same prompt, with a seed of its own. Stepped in one batch with this sequence it waits until that one has read the prompt, then takes over the
    /// cache rows of it; its text is the same as alone.
    /// </summary>
    /// <param name="index">Which one, from 1 on: 0 has the seed of this sequence (<see cref="RandomSource.DeriveSeed"/>).</param>
    /// <param name="stops">Its own stop conditions; they keep state, so they cannot be shared.</param>
    /// <exception cref="ArgumentException">This sequence has stop conditions and the other one gets none, or it already is another one's.</exception>
    public Sequence Another(int index, IReadOnlyList<IStopCondition>? stops = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        if (First is not null) throw new ArgumentException("ask the first sequence of the prompt for another one", nameof(index));
        if (stops is null && Options.Stops.Count > 0) throw new ArgumentException("stop conditions keep state: give the other text its own", nameof(stops));
        return new Sequence(Tokens[..PromptLength], Options with { Seed = RandomSource.DeriveSeed(Options.Seed, index), Random = Options.Random?.Fork(), Stops = stops ?? [] }) { First = this };
    }

    /// <summary>The sequence whose prompt this one shares.</summary>
    internal Sequence? First { get; private init; }

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
        if (agree < Count)
        {
            if (Revision++ == 0) _written = new int[_tokens.Length];
            Count = agree;
        }
        foreach (int token in tokens[agree..]) Append(token);
        (PromptLength, Finish, Limit, _rounds, _follows, _constrained) = (tokens.Length, FinishReason.None, (long)tokens.Length + maxTokens, 0, true, 0);
    }

    /// <summary>How many of the first tokens are the ones that stood there in revision <paramref name="revision"/>: state kept by position holds up to here.</summary>
    public int Unchanged(int revision)
    {
        if (revision == Revision) return Count;
        int low = 0, high = Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_written[middle] > revision) high = middle;
            else low = middle + 1;
        }
        return low;
    }

    /// <summary>Largest number of tokens, prompt included; set by <see cref="Follow"/>, else from the options.</summary>
    internal long Limit { get => field > 0 ? field : (long)PromptLength + Options.MaxTokens; private set; }

    internal void Append(int token)
    {
        if (Count == _tokens.Length) Array.Resize(ref _tokens, 2 * Count);
        if (Revision > 0)
        {
            if (_written.Length < _tokens.Length) Array.Resize(ref _written, _tokens.Length);
            _written[Count] = Revision;
        }
        _tokens[Count++] = token;
    }

    internal void Cut(int count)
    {
        Count = Math.Min(Count, count);
        _constrained = Math.Min(_constrained, Math.Max(0, Count - PromptLength));
    }

    /// <summary>The state of the constraint behind the token at <paramref name="position"/>.</summary>
    internal int ConstraintState(ITokenConstraint constraint, int position)
    {
        int outputs = position + 1 - PromptLength;
        if (outputs <= 0) return constraint.Start;
        if (_constraintStates.Length < outputs) Array.Resize(ref _constraintStates, _tokens.Length);
        for (; _constrained < outputs; _constrained++)
        {
            int before = _constrained == 0 ? constraint.Start : _constraintStates[_constrained - 1];
            _constraintStates[_constrained] = before < 0 ? -1 : constraint.Advance(before, _tokens[PromptLength + _constrained]);
        }
        return _constraintStates[outputs - 1];
    }
}
