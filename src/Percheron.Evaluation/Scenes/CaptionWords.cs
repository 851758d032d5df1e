namespace Percheron.Evaluation.Scenes;

/// <summary>The words of a caption, taken from the front; case, commas and full stops do not count.</summary>
internal sealed class CaptionWords(string text)
{
    private readonly string[] _words = text.Split([' ', ',', '.', ';', ':', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
    private int _at;

    /// <summary>Whether no word is left.</summary>
    public bool AtEnd => _at == _words.Length;

    /// <summary>The next word; "the end" where there is none.</summary>
    public string Next => AtEnd ? "the end" : _words[_at];

    /// <summary>Takes these words if they come next.</summary>
    public bool Take(string phrase)
    {
        string[] wanted = phrase.Split(' ');
        if (_at + wanted.Length > _words.Length) return false;
        for (int i = 0; i < wanted.Length; i++)
            if (!wanted[i].Equals(_words[_at + i], StringComparison.OrdinalIgnoreCase)) return false;
        _at += wanted.Length;
        return true;
    }
}
