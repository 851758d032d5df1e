using System.Globalization;
using System.Text.RegularExpressions;
using Percheron.Cli.Hosting;
using Percheron.Cli.Tests.Support;
using Percheron.Models;
using Xunit;

namespace Percheron.Cli.Tests.Hosting;

public class MemoryNeedTests
{
    [Fact]
    public void What_does_not_fit_is_refused_in_numbers_and_the_context_that_is_named_fits()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "models", "percheron-docs-q8_0.gguf");
        ModelSettings settings = new(path, null, null, CacheType.Auto, 1);
        long enough = 64 << 20;
        while (!Fits(settings, enough)) enough += 1 << 20;
        Failure refused = Assert.Throws<Failure>(() => MemoryNeed.RequireFit(settings, path, null, enough - (1 << 20)));
        Assert.Contains("weights 9.", refused.Message, StringComparison.Ordinal);
        int context = int.Parse(Regex.Match(refused.Message, "--context ([0-9]+) would fit").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange(context, 1, 511);
        Assert.True(Fits(settings with { Context = context }, enough - (1 << 20)));
        Assert.False(Fits(settings with { Context = context + 1 }, enough - (1 << 20)));
    }

    [Fact]
    public void Where_no_context_helps_that_is_said()
    {
        using TinyModel model = new();
        using StringWriter output = new(), error = new();
        int code = CommandLine.Run(["generate", "a", "-m", model.Path], new Terminal(output, error) { AvailableMemory = () => 1 << 20 });
        Assert.Equal((1, ""), (code, output.ToString()));
        Assert.Contains("no --context is small enough", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_system_tells_a_possible_amount() => Assert.InRange(SystemMemory.Available(), 1, long.MaxValue);

    private static bool Fits(ModelSettings settings, long available)
    {
        try
        {
            MemoryNeed.RequireFit(settings, settings.Model!, null, available);
            return true;
        }
        catch (Failure)
        {
            return false;
        }
    }
}
