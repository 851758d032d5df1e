namespace Percheron.Codecs;

/// <summary>A token that is found in the text before anything else is done to it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">What it looks like in a text.</param>
/// <param name="IsSpecial">Found only where the caller asks for special tokens to be parsed.</param>
internal readonly record struct AddedToken(int Id, string Text, bool IsSpecial)
{
    /// <summary>Swallows the white space before it.</summary>
    public bool StripsLeft { get; init; }

    /// <summary>Swallows the white space after it.</summary>
    public bool StripsRight { get; init; }

    /// <summary>Not found inside a word.</summary>
    public bool WholeWord { get; init; }
}
