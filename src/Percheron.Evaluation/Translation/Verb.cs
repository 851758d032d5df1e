namespace Percheron.Evaluation.Translation;

/// <summary>A verb in both languages.</summary>
/// <param name="Prefix">What stands apart from a German verb of two parts; empty otherwise.</param>
/// <param name="Infinitive">Without the prefix.</param>
/// <param name="Present">German, by person, without the prefix [6].</param>
/// <param name="Participle">German, whole.</param>
/// <param name="Moves">Whether its perfect is formed with <c>sein</c>.</param>
/// <param name="English">Base, past, participle, with -ing (a dash where it is not said so); each without the particle.</param>
/// <param name="Particle">What English puts behind the verb or its object; empty where there is none.</param>
/// <param name="Objects">What it is done to; none for verbs without an object.</param>
internal sealed record Verb(string Prefix, string Infinitive, string[] Present, string Participle, bool Moves, string[] English, string Particle, IReadOnlyList<Noun> Objects)
{
    /// <summary>Reads <c>auf|räumen|räume räumst räumt räumen räumt räumen|aufgeräumt|tidy tidied tidied tidying|up</c>.</summary>
    public static Verb Of(string line, bool moves = false, params IReadOnlyList<Noun> objects)
    {
        string[] parts = line.Split('|');
        return new Verb(parts[0], parts[1], parts[2].Split(' '), parts[3], moves, parts[4].Split(' '), parts.Length > 5 ? parts[5] : "", objects);
    }

    /// <summary>The English third person singular: goes, watches, carries, reads.</summary>
    public string Third
    {
        get
        {
            string stem = English[0];
            if (stem.EndsWith('y') && !"aeiou".Contains(stem[^2], StringComparison.Ordinal)) return stem[..^1] + "ies";
            return stem + (stem[^1] is 'o' or 's' or 'x' or 'z' || stem.EndsWith("ch", StringComparison.Ordinal) || stem.EndsWith("sh", StringComparison.Ordinal) ? "es" : "s");
        }
    }
}
