using Percheron.Cli.Generation;
using Percheron.Cli.Hosting;

namespace Percheron.Cli.Output;

/// <summary>A token that might have stood in a place.</summary>
internal sealed record AlternativeReport(int Token, string Piece, double LogProbability)
{
    public static AlternativeReport[] Of(TokenLogProbabilities place, ModelHost host) =>
        [.. place.Top.Select(t => new AlternativeReport(t.Token, host.Tokenizer is { } tokenizer && t.Token < tokenizer.VocabularySize ? tokenizer.PieceText(t.Token) : "", t.LogProbability))];
}
