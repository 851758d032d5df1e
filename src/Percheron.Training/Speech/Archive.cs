using System.ComponentModel;
using System.Diagnostics;

namespace Percheron.Training.Speech;

/// <summary>Archives that .NET cannot read, unpacked by the system's tar.</summary>
public static class Archive
{
    /// <summary>Unpacks an archive into a folder, unless that was done before, and returns the folder.</summary>
    /// <exception cref="InvalidOperationException">The system has no tar with xz, or the archive is damaged.</exception>
    public static string Unpack(string archive, string folder)
    {
        if (!File.Exists(archive)) throw new InvalidOperationException($"'{archive}' is not there");
        string done = Path.Combine(folder, "unpacked");
        if (File.Exists(done)) return folder;
        Directory.CreateDirectory(folder);
        var start = new ProcessStartInfo("tar") { RedirectStandardError = true };
        foreach (string argument in (string[])["-xJf", archive, "-C", folder]) start.ArgumentList.Add(argument);
        try
        {
            using Process tar = Process.Start(start) ?? throw new InvalidOperationException("tar did not start");
            string said = tar.StandardError.ReadToEnd();
            tar.WaitForExit();
            if (tar.ExitCode != 0)
                throw new InvalidOperationException($"tar could not unpack '{archive}' ({said.ReplaceLineEndings(" ").Trim()}); install xz, or unpack it and give the folder");
        }
        catch (Win32Exception)
        {
            throw new InvalidOperationException($"this system has no tar to unpack '{archive}'; unpack it and give the folder");
        }
        File.WriteAllText(done, "");
        return folder;
    }
}
