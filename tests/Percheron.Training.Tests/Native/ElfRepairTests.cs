using Percheron.Training.Native;
using Percheron.Training.Tests.Support;
using TorchSharp;
using Xunit;

namespace Percheron.Training.Tests.Native;

public class ElfRepairTests
{
    private static string? Library => new[] { Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"), AppContext.BaseDirectory }
        .Select(folder => Path.Combine(folder, "libLibTorchSharp.so")).FirstOrDefault(File.Exists);

    [Fact]
    public void Repairs_the_shipped_library_once()
    {
        Assert.SkipWhen(Library is null, "libLibTorchSharp.so for linux-x64 is not beside the tests");
        byte[] image = File.ReadAllBytes(Library!), shipped = [.. image];
        Assert.True(ElfRepair.TryRepair(image));
        Assert.Equal(shipped.Length, image.Length);
        int changed = image.Where((b, i) => b != shipped[i]).Count();
        Assert.InRange(changed, 1, 8);

        byte[] again = [.. image];
        Assert.False(ElfRepair.TryRepair(again));
        Assert.Equal(image, again);
    }

    [Fact]
    public void Repaired_copy_is_made_once_and_found_again()
    {
        Assert.SkipWhen(Library is null, "libLibTorchSharp.so for linux-x64 is not beside the tests");
        string cache = Directory.CreateTempSubdirectory("percheron").FullName;
        try
        {
            string copy = TorchRuntime.Repaired(Library!, cache);
            Assert.StartsWith(cache, copy, StringComparison.Ordinal);
            DateTime written = File.GetLastWriteTimeUtc(copy);
            Assert.Equal(copy, TorchRuntime.Repaired(Library!, cache));
            Assert.Equal(written, File.GetLastWriteTimeUtc(copy));
            Assert.Single(Directory.GetFiles(cache, "*", SearchOption.AllDirectories));
            // What needs no repair is used as it is.
            Assert.Equal(copy, TorchRuntime.Repaired(copy, Path.Combine(cache, "other")));
        }
        finally
        {
            Directory.Delete(cache, recursive: true);
        }
    }

    [Fact]
    public void Refuses_what_is_no_library()
    {
        Assert.Throws<InvalidDataException>(() => ElfRepair.TryRepair(new byte[10]));
        byte[] cut = new byte[64];
        "\u007fELF\u0002\u0001"u8.CopyTo(cut);
        cut[0x3C] = 5;
        cut[0x29] = 0xff;
        Assert.Throws<InvalidDataException>(() => ElfRepair.TryRepair(cut));
    }

    [TorchFact]
    public void Torch_runs()
    {
        using torch.Tensor ones = torch.ones(3), sum = ones.sum();
        Assert.Equal(3f, sum.item<float>());
    }
}
