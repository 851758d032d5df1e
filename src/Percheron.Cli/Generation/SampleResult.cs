using Percheron.Decoding;

namespace Percheron.Cli.Generation;

/// <summary>One text of a run.</summary>
/// <param name="Index">Which one, from 0.</param>
/// <param name="Seed">That gives this text alone.</param>
/// <param name="Tokens">Output tokens.</param>
/// <param name="Text">Their text.</param>
/// <param name="Finish">Why it ended.</param>
/// <param name="LogProbabilities">One for each output token, or none.</param>
internal sealed record SampleResult(int Index, ulong Seed, int[] Tokens, string Text, FinishReason Finish, IReadOnlyList<TokenLogProbabilities> LogProbabilities)
{
    /// <summary>The reason as cli.md spells it.</summary>
    public string FinishText => Finish switch
    {
        FinishReason.Stop => "stop",
        FinishReason.Cancelled => "cancelled",
        _ => "length",
    };

    /// <summary>Whether tokens, text and reason are the same.</summary>
    public bool Agrees(SampleResult other) => Text == other.Text && Finish == other.Finish && Tokens.AsSpan().SequenceEqual(other.Tokens);
}
