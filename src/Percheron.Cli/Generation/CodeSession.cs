using Percheron.Cli.Hosting;
using Percheron.Codecs;
using Percheron.Decoding;

namespace Percheron.Cli.Generation;

/// <summary>A model over codes of pictures or speech that is ready to run, and the file of their codec.</summary>
internal sealed class CodeSession(ModelHost host, Catalog catalog, CodeLayout codes, string codec) : IDisposable
{
    /// <summary>How codes are drawn where nobody says otherwise: a little below the model's own law, where pictures keep to their captions and speech to its text more often.</summary>
    public static readonly SamplingSettings Standard = SamplingSettings.Plain with { Temperature = 0.7f };

    public ModelHost Host => host;

    public Catalog Catalog => catalog;

    public CodeLayout Codes => codes;

    /// <summary>Where the codec lies, which may not be there.</summary>
    public string Codec => codec;

    /// <summary>The prompt of a condition: the end of text, special tokens, the text, and the token that begins the codes.</summary>
    /// <exception cref="Failure">The model's vocabulary has no text, or the prompt leaves no room for codes.</exception>
    public int[] Prompt(string text, params ReadOnlySpan<int> specials)
    {
        int[] tokens = [host.RequireTokenizer().Bos ?? 0, .. specials, .. host.RequireTokenizer().Encode(text, addSpecial: false, parseSpecial: false), codes.Begin];
        return tokens.Length < host.Target.ContextLength ? tokens : throw new Failure($"the text has {tokens.Length} tokens, and this model reads {host.Target.ContextLength}, codes included: shorten it.");
    }

    /// <summary>What a model of these codes may say: one code of every book in turn, and where the end of text is allowed it in the place of book 0.</summary>
    public TokenRanges Constraint(bool ends)
    {
        (int, int)[] books = [.. Enumerable.Range(0, codes.Books).Select(book => (codes.Token(book, 0), codes.Count))];
        return ends ? new TokenRanges(books, (0, host.RequireTokenizer().Eos ?? 0)) : new TokenRanges(books);
    }

    public void Dispose() => host.Dispose();
}
