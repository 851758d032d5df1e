using Percheron.Decoding;

namespace Percheron.Cli.Tests.Support;

/// <summary>Guesses that the last token is repeated: what <c>--plugin</c> finds in this assembly.</summary>
[Method(Source = "Percheron.Cli.Tests")]
public sealed class ParrotDrafter(int length = 3) : Drafter
{
    protected override void Draft(Sequence sequence, TokenTree tree)
    {
        int node = 0;
        for (int i = 0; i < length && tree.Room > 0; i++) node = tree.Add(node, sequence.Tokens[^1]);
    }
}
