using System.Text;

namespace Percheron.Cli.Options;

/// <summary>Text files that a person names.</summary>
internal static class TextFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text, a byte-order mark left out.</summary>
    /// <exception cref="Failure">The file cannot be read or is not UTF-8.</exception>
    public static string Read(string path, string option)
    {
        if (!File.Exists(path)) throw new Failure($"{option}: there is no file '{path}'.");
        try
        {
            string text = Strict.GetString(File.ReadAllBytes(path));
            return text.StartsWith('\ufeff') ? text[1..] : text;
        }
        catch (DecoderFallbackException)
        {
            throw new Failure($"{option}: '{path}' is not UTF-8 text; convert it first.");
        }
    }
}
