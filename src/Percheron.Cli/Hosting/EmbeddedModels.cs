namespace Percheron.Cli.Hosting;

/// <summary>A family of models that this repository trained itself and that lies beside the executable.</summary>
/// <param name="folder">Where.</param>
/// <param name="family">What their names begin with.</param>
internal sealed class EmbeddedModels(string folder, string family = EmbeddedModels.Text)
{
    /// <summary>Writes .NET documentation.</summary>
    public const string Text = "percheron-docs-";

    /// <summary>Translates.</summary>
    public const string Translation = "percheron-translation-";

    /// <summary>Draws scenes.</summary>
    public const string Pictures = "percheron-scenes-";

    /// <summary>Speaks digits.</summary>
    public const string Speech = "percheron-digits-";

    /// <summary>Writes spoken digits down.</summary>
    public const string Dictation = "percheron-dictation-";

    public string Target { get; } = Path.Combine(folder, family + "q8_0.gguf");

    public string Draft { get; } = Path.Combine(folder, family + "draft-q8_0.gguf");

    /// <summary>What turns codes into pictures or sound, and back.</summary>
    public string Codec { get; } = Path.Combine(folder, family + "codec.gguf");

    /// <summary>What was trained for the embedded target lies beside it.</summary>
    public HeadsFolder Heads { get; } = new(folder, family);

    /// <summary>The embedded target.</summary>
    /// <exception cref="Failure">It is not there.</exception>
    public string RequireTarget() => File.Exists(Target)
        ? Target
        : throw new Failure($"the embedded model is missing ({Target}); build percheron from its repository, which carries it under models/, or name a model with -m.");

    /// <summary>Whether <paramref name="path"/> is the embedded target, or a copy of it under any name.</summary>
    public bool IsTarget(string path)
    {
        FileInfo ours = new(Target), theirs = new(path);
        if (!ours.Exists || !theirs.Exists || ours.Length != theirs.Length) return false;
        return ours.FullName == theirs.FullName || SameBytes(ours, theirs);
    }

    private static bool SameBytes(FileInfo one, FileInfo other)
    {
        using FileStream a = one.OpenRead(), b = other.OpenRead();
        byte[] fromA = new byte[1 << 16], fromB = new byte[1 << 16];
        while (true)
        {
            int read = a.ReadAtLeast(fromA, fromA.Length, throwOnEndOfStream: false);
            if (b.ReadAtLeast(fromB, fromB.Length, throwOnEndOfStream: false) != read || !fromA.AsSpan(0, read).SequenceEqual(fromB.AsSpan(0, read))) return false;
            if (read == 0) return true;
        }
    }
}
