using Percheron.Formats;
using Percheron.Kernels;

namespace Percheron.Models.Heads;

/// <summary>What was trained for one target, in a file of its own: a head, learned inputs, a judge. What is missing in the file is the target's: embeddings, output norm, vocabulary projection.</summary>
public sealed class HeadFile : IDisposable
{
    /// <summary>Reads each kind, by the name in <c>general.architecture</c>.</summary>
    private static readonly Dictionary<string, Func<HeadTensors, ThreadTeam, object>> Loaders = new()
    {
        ["bita"] = ExtraInputs.Load,
        ["blockwise"] = ParallelHead.LoadBlockwise,
        ["dflash"] = BlockHead.Load,
        ["dspark"] = BlockHead.Load,
        ["eagle"] = EagleHead.Load,
        ["eagle3"] = Eagle3Head.Load,
        ["eesd"] = ExitHead.Load,
        ["hydra"] = HydraHead.Load,
        ["judge"] = JudgeHead.Load,
        ["kangaroo"] = ExitHead.Load,
        ["medusa"] = ParallelHead.LoadMedusa,
        ["mtp"] = EagleHead.LoadPredictor,
        ["pass"] = ExtraInputs.Load,
        ["redrafter"] = RecurrentHead.Load,
    };

    private readonly GgufFile _file;
    private readonly ThreadTeam? _ownTeam;

    private HeadFile(GgufFile file, Transformer target, ModelOptions options)
    {
        _file = file;
        if (!Loaders.TryGetValue(file.GetString("general.architecture"), out Func<HeadTensors, ThreadTeam, object>? load))
            throw file.Fault("general.architecture", $"'{file.GetString("general.architecture")}' is not a head; known heads: {string.Join(", ", Loaders.Keys.Order(StringComparer.Ordinal))}");
        HeadTensors tensors = new(file, target);
        tensors.RequireFit();
        ThreadTeam team = options.Team ?? (_ownTeam = new ThreadTeam(options.ThreadCount));
        try
        {
            Content = load(tensors, team);
            tensors.Pack(team.Threads, options.Time);
        }
        catch
        {
            _ownTeam?.Dispose();
            throw;
        }
    }

    /// <summary>What the file holds, of the type its drafter or verifier asks for; it ends with this object.</summary>
    public object Content { get; }

    /// <summary>The head, where it is one that drafts by itself; it ends with this object.</summary>
    /// <exception cref="ModelFormatException">The file holds something else.</exception>
    public IHead Head => Content as IHead ?? throw _file.Fault("general.architecture", $"'{Kind}' is no head that drafts by itself");

    /// <summary>The name of its kind, as the file gives it.</summary>
    public string Kind => _file.GetString("general.architecture");

    /// <summary>Whether files may hold this type.</summary>
    public static bool MayHold(Type type) => type == typeof(IHead) || type == typeof(IExit) || type == typeof(ExtraInputs) || type == typeof(JudgeHead);

    /// <summary>Opens a head.</summary>
    /// <param name="path">A GGUF file, or the folder of a head as it is published on Hugging Face: <c>config.json</c> and safetensors.</param>
    /// <param name="target">Whose states the head reads and whose tensors it borrows; it outlives the head.</param>
    /// <param name="options">Threads; without a team it has its own.</param>
    /// <exception cref="ModelFormatException">The file is damaged, holds no head, or one that is not for this target.</exception>
    public static HeadFile Open(string path, Transformer target, ModelOptions? options = null)
    {
        GgufFile file = PublishedFolder.Holds(path) ? PublishedFolder.Open(path, "head", (PublishedMedusa.Is, PublishedMedusa.Convert), (PublishedEagle.Is, PublishedEagle.Convert)) : GgufFile.Open(path);
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
        (Content as IDisposable)?.Dispose();
        _ownTeam?.Dispose();
        _file.Dispose();
    }
}
