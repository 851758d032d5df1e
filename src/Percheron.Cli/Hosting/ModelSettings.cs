using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Cli.Hosting;

/// <summary>Which models to load and how.</summary>
/// <param name="Model">The target's file; null is the embedded model.</param>
/// <param name="Draft">The draft's file; null is the embedded draft where the target is the embedded model.</param>
/// <param name="Context">Positions; null is as many as the model was trained for, or as fit into memory.</param>
/// <param name="CacheType">Precision of the caches.</param>
/// <param name="Threads">At least 1.</param>
/// <param name="DraftThreads">Of a draft model that runs beside the target (<c>ahead</c>); at least 1.</param>
/// <param name="Sequences">Decoded at the same time, which is what memory has to be there for; at least 1.</param>
/// <param name="Heads">Folder of what was trained for the target; null is the embedded folder where the target is the embedded model.</param>
internal sealed record ModelSettings(string? Model, string? Draft, int? Context, CacheType CacheType, int Threads, int DraftThreads = 1, int Sequences = 1, string? Heads = null)
{
    /// <summary>What the drafters and verifiers that will be built ask for, as far as it is known before the target is loaded: memory has to be there for it.</summary>
    public IReadOnlyList<SpecNeed> Needs { get; init; } = [];

    /// <summary>Which embedded models are meant where none are named.</summary>
    public string Family { get; init; } = EmbeddedModels.Text;

    /// <summary>What the target listens to; null for a model that does not.</summary>
    public SoundPart? Sound { get; init; }

    /// <summary>Scale of classifier-free guidance; null is the one that the target's file recommends.</summary>
    public float? Guidance { get; init; }
}
