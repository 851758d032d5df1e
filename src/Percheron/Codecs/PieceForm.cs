namespace Percheron.Codecs;

/// <summary>How the text of a normal token stands for bytes.</summary>
internal enum PieceForm
{
    /// <summary>Each character is one byte, in GPT-2's printable alphabet.</summary>
    ByteLevel,

    /// <summary>UTF-8 in which U+2581 stands for a space.</summary>
    MarkedSpaces,

    /// <summary>UTF-8 as it is.</summary>
    Plain,
}
