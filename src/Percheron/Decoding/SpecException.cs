namespace Percheron.Decoding;

/// <summary>A drafter or verifier spec that names nothing known, or does not parse. The message is one line that says what to write instead.</summary>
public sealed class SpecException(string message) : FormatException(message);
