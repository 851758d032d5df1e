using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Percheron.Cli.Output;
using Percheron.Formats;
using Percheron.Kernels;
using Percheron.Models;
using Percheron.Planning;

namespace Percheron.Cli.Hosting;

/// <summary>Profiles in the user's cache folder, one for each model, machine, number of threads, instruction level and build of the library: other kernels take other times.</summary>
internal sealed class ProfileStore(Terminal terminal)
{
    /// <summary>Bytes of the file that tell models apart: all sizes are among them, and what a forward takes depends on nothing else.</summary>
    private const long Identifying = 1 << 16;

    /// <summary>The profile of this model here; null if none was kept, or it cannot be read.</summary>
    public MachineProfile? Load(GgufFile file, Transformer model)
    {
        if (PathOf(file, model) is not { } path || !File.Exists(path)) return null;
        try
        {
            return Json.Read<ProfileReport>(File.ReadAllText(path))?.ToProfile();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or ArgumentException or NullReferenceException)
        {
            return null;
        }
    }

    /// <summary>Keeps a profile; returns where, or null where the user has no such folder or it cannot be written.</summary>
    public string? Save(GgufFile file, Transformer model, MachineProfile profile)
    {
        if (PathOf(file, model) is not { } path) return null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, Json.Text(ProfileReport.Of(file.Path, InstructionSet.Description, profile, path)));
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            terminal.Note($"the profile could not be kept: {e.Message}");
            return null;
        }
    }

    private string? PathOf(GgufFile file, Transformer model) => Folder() is { } folder ? Path.Combine(folder, "percheron", "profiles", Key(file, model) + ".json") : null;

    private string? Folder()
    {
        if (terminal.Environment("XDG_CACHE_HOME") is { Length: > 0 } cache) return cache;
        if (OperatingSystem.IsWindows()) return terminal.Environment("LOCALAPPDATA");
        if (terminal.Environment("HOME") is not { Length: > 0 } home) return null;
        return OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches") : Path.Combine(home, ".cache");
    }

    private static string Key(GgufFile file, Transformer model)
    {
        using FileStream stream = new(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read);
        byte[] head = new byte[Math.Min(Identifying, stream.Length)];
        stream.ReadExactly(head);
        string rest = string.Create(CultureInfo.InvariantCulture,
            $"{stream.Length} {model.Team.Threads} {model.CacheType} {InstructionSet.Description} {Environment.MachineName} {Environment.ProcessorCount} {typeof(Transformer).Module.ModuleVersionId} {file.Tensors[^1].Type} {file.Tensors.Count}");
        return Convert.ToHexStringLower(SHA256.HashData([.. head, .. Encoding.UTF8.GetBytes(rest)]))[..32];
    }
}
