using Percheron.Formats;
using Percheron.Kernels;

namespace Percheron.Models.Heads;

/// <summary>A head in a file of its own, opened for one target. What is missing in the file is the target's: embeddings, output norm, vocabulary projection.</summary>
public sealed class HeadFile : IDisposable
{
    /// <summary>Reads each kind of head, by the name in <c>general.architecture</c>.</summary>
    private static readonly Dictionary<string, Func<HeadTensors, ThreadTeam, IHead>> Loaders = new()
    {
        ["hydra"] = HydraHead.Load,
        ["medusa"] = MedusaHead.Load,
    };

    private readonly GgufFile _file;
    private readonly ThreadTeam? _ownTeam;

    private HeadFile(GgufFile file, Transformer target, ModelOptions options)
    {
        _file = file;
        if (!Loaders.TryGetValue(file.GetString("general.architecture"), out Func<HeadTensors, ThreadTeam, IHead>? load))
            throw file.Fault("general.architecture", $"'{file.GetString("general.architecture")}' is not a head; known heads: {string.Join(", ", Loaders.Keys.Order(StringComparer.Ordinal))}");
        HeadTensors tensors = new(file, target);
        tensors.RequireFit();
        ThreadTeam team = options.Team ?? (_ownTeam = new ThreadTeam(options.ThreadCount));
        try
        {
            Head = load(tensors, team);
            tensors.Pack(team.Threads, options.Time);
        }
        catch
        {
            _ownTeam?.Dispose();
            throw;
        }
    }

    /// <summary>The head; it ends with this object.</summary>
    public IHead Head { get; }

    /// <summary>Opens a GGUF file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="target">Whose states the head reads and whose tensors it borrows; it outlives the head.</param>
    /// <param name="options">Threads; without a team it has its own.</param>
    /// <exception cref="ModelFormatException">The file is damaged, holds no head, or one that is not for this target.</exception>
    public static HeadFile Open(string path, Transformer target, ModelOptions? options = null)
    {
        GgufFile file = GgufFile.Open(path);
        try
        {
            return new HeadFile(file, target, options ?? new ModelOptions { Team = target.Team });
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Ends the head and closes the file.</summary>
    public void Dispose()
    {
        (Head as IDisposable)?.Dispose();
        _ownTeam?.Dispose();
        _file.Dispose();
    }
}
