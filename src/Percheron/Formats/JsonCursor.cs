using System.Text.Json;

namespace Percheron.Formats;

/// <summary>Reads the JSON part of a model file token by token; everything unexpected becomes one <see cref="ModelFormatException"/>.</summary>
/// <param name="path">File the JSON is part of.</param>
/// <param name="json">The whole text.</param>
/// <param name="start">Where the text begins in the file, so that errors name the right byte.</param>
internal ref struct JsonCursor(string path, ReadOnlySpan<byte> json, long start)
{
    private const int DeepestNesting = 16;
    private Utf8JsonReader _reader = new(json, new JsonReaderOptions { MaxDepth = DeepestNesting });

    /// <summary>First byte of the current token, counted from the start of the file.</summary>
    public readonly long Position => start + _reader.TokenStartIndex;

    /// <summary>Moves to the next token.</summary>
    public JsonTokenType Next()
    {
        try
        {
            return _reader.Read() ? _reader.TokenType : throw Fault("the JSON ends too early");
        }
        catch (JsonException malformed)
        {
            throw new ModelFormatException(path, start + _reader.BytesConsumed, $"the JSON is malformed or nested more than {DeepestNesting} deep: {malformed.Message}", malformed);
        }
    }

    /// <summary>Moves to the next token, which must be of this kind.</summary>
    public void Next(JsonTokenType kind, string what)
    {
        if (Next() != kind) throw Fault($"{what} should be {Describe(kind)}");
    }

    /// <summary>Nothing but white space may follow.</summary>
    public void End()
    {
        try
        {
            if (!_reader.Read()) return;
        }
        catch (JsonException)
        {
            // Told below: whatever follows does not belong here.
        }
        throw new ModelFormatException(path, start + _reader.BytesConsumed, "something follows the end of the JSON");
    }

    /// <summary>The current token, a string or a property name.</summary>
    public readonly string Text(string what)
    {
        if (_reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName)) throw Fault($"{what} should be a string");
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException broken)
        {
            throw new ModelFormatException(path, Position, $"{what} holds half a character", broken);
        }
    }

    /// <summary>The current token, an integer of at least 0.</summary>
    public readonly long Size(string what) =>
        _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out long value) && value >= 0 ? value : throw Fault($"{what} should be an integer of at least 0");

    /// <summary>Passes over the value that follows a property name.</summary>
    public void Skip()
    {
        int depth = 0;
        do
        {
            JsonTokenType token = Next();
            if (token is JsonTokenType.StartObject or JsonTokenType.StartArray) depth++;
            else if (token is JsonTokenType.EndObject or JsonTokenType.EndArray) depth--;
        }
        while (depth > 0);
    }

    public readonly ModelFormatException Fault(string reason) => new(path, Position, reason);

    private static string Describe(JsonTokenType kind) => kind switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.EndArray => "at its end",
        _ => "a string",
    };
}
