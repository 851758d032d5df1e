using Percheron.Codecs;
using Percheron.Codecs.Speech;

namespace Percheron.Cli.Generation;

/// <summary>What a model of speech needs besides its codes: a voice, and a codec.</summary>
internal static class Voices
{
    private const string Spelling = "<voice";

    /// <summary>The model's voices in order, each a token of its own, with what it is called; none if the model has one voice only.</summary>
    public static IReadOnlyList<(int Token, string Name)> Of(CodeSession session)
    {
        Tokenizer tokenizer = session.Host.RequireTokenizer();
        return [.. Enumerable.Range(0, session.Codes.First).Where(tokenizer.IsSpecial).Select(token => (token, Name: tokenizer.PieceText(token)))
            .Where(special => special.Name.StartsWith(Spelling, StringComparison.Ordinal)).Select(special => (special.token, Called(special.Name)))];
    }

    /// <summary>The codec of a model of speech.</summary>
    /// <exception cref="Failure">It is not there, or belongs to another model.</exception>
    public static SpeechCodec Codec(CodeSession session)
    {
        if (!File.Exists(session.Codec)) throw new Failure($"there is no codec at '{session.Codec}', without which codes are no sound; name one with --codec.");
        SpeechCodec codec = SpeechCodec.Open(session.Codec);
        return (codec.Books, codec.Count) == (session.Codes.Books, session.Codes.Count)
            ? codec
            : throw new Failure($"'{session.Codec}' has {codec.Books} books of {codec.Count} codes, and the model {session.Codes.Books} of {session.Codes.Count}: they do not belong together.");
    }

    private static string Called(string name) => name[Spelling.Length..].Trim('_', ':', ' ', '>');
}
