using System.Text.Encodings.Web;
using System.Text.Json;

namespace Percheron.Cli.Output;

/// <summary>Writes the one value of <c>--json</c>.</summary>
internal static class Json
{
    // Text is read by programs, not embedded in HTML: letters of all scripts stay as they are.
    private static readonly JsonContext Context = new(new JsonSerializerOptions(JsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Writes <paramref name="value"/> as one line on standard output.</summary>
    public static void Write<T>(Terminal terminal, T value) where T : notnull =>
        terminal.Output.WriteLine(Text(value));

    /// <summary><paramref name="value"/> as one line.</summary>
    public static string Text<T>(T value) where T : notnull => JsonSerializer.Serialize(value, typeof(T), Context);

    /// <summary>What <see cref="Text"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static T? Read<T>(string text) where T : class => (T?)JsonSerializer.Deserialize(text, typeof(T), Context);
}
