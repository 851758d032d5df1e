namespace Percheron.Codecs;

/// <summary>Where the mark of a space is put before a text that does not begin with one.</summary>
internal enum SpacePrefix
{
    None,

    /// <summary>Before every stretch of text, even one that begins with a space.</summary>
    Always,

    /// <summary>Before every stretch of text that does not begin with a space.</summary>
    Missing,

    /// <summary>Before a text that does not begin with a space, but not after an added token.</summary>
    First,
}
