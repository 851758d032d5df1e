using System.Globalization;

namespace Percheron.Cli.Options;

/// <summary>Token ids written <c>1,2,3</c>.</summary>
internal static class TokenList
{
    /// <exception cref="Failure">The text is not a list of ids.</exception>
    public static int[] Parse(string text, string option)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        int[] ids = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out ids[i])) throw Failure.Usage($"{option} takes ids such as 1,2,3, not '{parts[i]}'.");
        return ids;
    }

    /// <exception cref="Failure">An id is not in the vocabulary.</exception>
    public static int[] Within(int[] ids, int vocabulary)
    {
        foreach (int id in ids)
            if (id >= vocabulary) throw new Failure($"token {id} is outside this model's vocabulary of {vocabulary}.");
        return ids;
    }
}
