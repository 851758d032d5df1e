using Percheron.Formats;
using Xunit;

namespace Percheron.Tests.Formats;

/// <summary>Feeds damaged files to a reader and holds it to its promise: it succeeds or throws <see cref="ModelFormatException"/>, and allocates no more than the file justifies.</summary>
/// <remarks>An ordinary run tries a few thousand files per format; <c>PERCHERON_FUZZ=20000</c> in the environment sets another number. Failures name the number that makes the file again.</remarks>
internal static class Fuzzing
{
    private const int Ordinary = 3_000, AllowedPerByte = 40, AllowedAlways = 256 * 1024;

    /// <param name="share">The part of the run's files to try here, where one format has several samples.</param>
    /// <param name="mutate">Damaged content for a number.</param>
    /// <param name="touch">Opens the file at a path and reads everything in it.</param>
    /// <returns>How many of the files opened.</returns>
    public static int Run(double share, Func<int, byte[]> mutate, Action<string> touch)
    {
        int count = int.TryParse(Environment.GetEnvironmentVariable("PERCHERON_FUZZ"), out int asked) ? asked : Ordinary;
        using TemporaryFile file = new([]);
        int opened = 0, tried = (int)Math.Ceiling(count * share);
        for (int number = 0; number < tried; number++)
        {
            byte[] content = mutate(number);
            File.WriteAllBytes(file.Path, content);
            long allowed = AllowedAlways + AllowedPerByte * (long)content.Length;
            (bool open, long allocated) = Try(file.Path, content.Length, number, touch);
            Assert.True(allocated <= allowed, $"damaged file {number} of {content.Length} bytes: {allocated} bytes were allocated");
            if (open) opened++;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{tried} damaged files, {opened} of which still opened");
        return opened;
    }

    private static (bool Open, long Allocated) Try(string path, int length, int number, Action<string> touch)
    {
        bool open = false;
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            touch(path);
            open = true;
        }
        catch (ModelFormatException fault)
        {
            Assert.Equal(path, fault.FileName);
            Assert.InRange(fault.Offset, 0, length);
        }
        catch (Exception other)
        {
            Assert.Fail($"damaged file {number}: {other}");
        }
        return (open, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
