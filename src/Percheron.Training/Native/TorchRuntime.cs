using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TorchSharp;

namespace Percheron.Training.Native;

/// <summary>
/// Loads libtorch for this process: on Linux hosts whose C++ runtime is older than the one TorchSharp was built with, from a repaired copy.
/// Call <see cref="Start"/> before anything of TorchSharp is touched.
/// </summary>
public static partial class TorchRuntime
{
    private const string Library = "libLibTorchSharp.so";
    private static readonly Lock Gate = new();
    private static bool _started;
    private static nint _handle;

    /// <summary>Where the loaded library came from: the shipped file, or the repaired copy. Null before <see cref="Start"/>.</summary>
    public static string? LoadedFrom { get; private set; }

    /// <summary>Why nothing can be trained here; null where libtorch came with this build.</summary>
    public static string? Unavailable { get; } =
        OperatingSystem.IsLinux() && NativeFolders().Any(folder => File.Exists(Path.Combine(folder, Library))) && TorchFolder() is not null
            ? null : "libtorch comes with this build for Linux on x64 only";

    /// <summary>Loads the native libraries once and sets the number of threads of one operation (0 leaves it alone).</summary>
    /// <exception cref="DllNotFoundException">libtorch is not beside the program, or cannot be loaded even when repaired.</exception>
    public static void Start(int threads = 0)
    {
        if (Unavailable is { } reason) throw new DllNotFoundException(reason + ".");
        lock (Gate)
        {
            if (!_started)
            {
                // Threads that spin between operations starve whoever shares the cores. libgomp reads this when it is loaded.
                if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null) _ = SetEnv("OMP_WAIT_POLICY", "PASSIVE", 1);
                Load();
                _started = true;
            }
        }
        if (threads > 0) SetThreads(threads);
    }

    /// <summary>A file that loads on this host: <paramref name="library"/> itself, or a repaired copy of it under <paramref name="cacheFolder"/>, made once per content.</summary>
    public static string Repaired(string library, string cacheFolder)
    {
        byte[] image = File.ReadAllBytes(library);
        string digest = Convert.ToHexStringLower(SHA256.HashData(image))[..16];
        string copy = Path.Combine(cacheFolder, digest, Path.GetFileName(library));
        if (File.Exists(copy)) return copy;
        if (!ElfRepair.TryRepair(image)) return library;
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        string partial = $"{copy}.{Environment.ProcessId}.{Guid.NewGuid():N}";
        File.WriteAllBytes(partial, image);
        File.Move(partial, copy, overwrite: true);
        return copy;
    }

    private static void Load()
    {
        // Loaded by full path first, so that the repaired copy, which lies elsewhere, finds them by name.
        string torch = TorchFolder()!;
        foreach (string file in Directory.GetFiles(torch, "libgomp*").Order().Concat(["libc10.so", "libtorch_cpu.so", "libtorch.so"]))
            NativeLibrary.Load(Path.Combine(torch, file));

        string library = NativeFolders().Select(folder => Path.Combine(folder, Library)).First(File.Exists);

        if (!NativeLibrary.TryLoad(library, out _handle))
        {
            library = Repaired(library, CacheFolder());
            _handle = NativeLibrary.Load(library);
        }
        LoadedFrom = library;
        NativeLibrary.SetDllImportResolver(TorchAssembly(), (name, _, _) => name.Contains("LibTorchSharp", StringComparison.Ordinal) ? _handle : 0);
    }

    /// <summary>Folders the host was told to look in for native libraries, then those a build or a publish puts beside the program.</summary>
    private static IEnumerable<string> NativeFolders()
    {
        string listed = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        string own = AppContext.BaseDirectory, rid = $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        return listed.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Append(own).Append(Path.Combine(own, "runtimes", rid, "native"));
    }

    private static string? TorchFolder() => NativeFolders().FirstOrDefault(folder => File.Exists(Path.Combine(folder, "libtorch_cpu.so")));

    private static string CacheFolder()
    {
        string folder = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.Combine(folder.Length > 0 ? folder : Path.GetTempPath(), "percheron", "native");
    }

    // Not inlined: naming the assembly must not run TorchSharp's own loading, and the thread setting must not before ours.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Assembly TorchAssembly() => typeof(torch).Assembly;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SetThreads(int threads) => torch.set_num_threads(threads);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnv(string name, string value, int overwrite);
}
