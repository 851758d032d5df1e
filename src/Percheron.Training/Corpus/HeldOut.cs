using System.Text;

namespace Percheron.Training.Corpus;

/// <summary>
/// The held-out split: an entry is held out iff FNV-1a-32 of its type's full name is divisible by 20,
/// so that all entries of a type fall on the same side and nothing about a held-out type was trained on.
/// </summary>
public static class HeldOut
{
    private const uint Offset = 2166136261, Prime = 16777619, Fold = 20;

    /// <summary>Whether the entry of this member id (such as <c>M:System.IO.File.ReadAllText(System.String)</c>) is held out.</summary>
    public static bool Contains(string member) => Hash(TypeName(member)) % Fold == 0;

    /// <summary>The full name of the type that a member id declares (<c>T:</c>) or belongs to (every other kind).</summary>
    public static string TypeName(string member)
    {
        int start = member.IndexOf(':') + 1;
        if (member.StartsWith("T:", StringComparison.Ordinal)) return member[start..];
        int parameters = member.IndexOf('(');
        string name = parameters < 0 ? member[start..] : member[start..parameters];
        int dot = name.LastIndexOf('.');
        return dot < 0 ? name : name[..dot];
    }

    /// <summary>FNV-1a, 32 bits, of the UTF-8 bytes.</summary>
    public static uint Hash(string text)
    {
        uint hash = Offset;
        foreach (byte b in Encoding.UTF8.GetBytes(text)) hash = (hash ^ b) * Prime;
        return hash;
    }
}
