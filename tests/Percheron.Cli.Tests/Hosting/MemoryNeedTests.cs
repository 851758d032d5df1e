using System.Globalization;
using System.Text.RegularExpressions;
using Percheron.Cli.Hosting;
using Percheron.Cli.Tests.Support;
using Percheron.Decoding;
using Percheron.Formats;
using Percheron.Models;
using Xunit;

namespace Percheron.Cli.Tests.Hosting;

public class MemoryNeedTests
{
    private static readonly string Embedded = Path.Combine(AppContext.BaseDirectory, "models", "percheron-docs-q8_0.gguf");

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void What_does_not_fit_is_refused_in_numbers_and_the_context_that_is_named_fits(int sequences)
    {
        ModelSettings settings = new(Embedded, null, 512, CacheType.Auto, 1, Sequences: sequences);
        long enough = Need(sequences);
        Assert.Equal(512, Context(settings, enough));
        Failure refused = Assert.Throws<Failure>(() => Context(settings, enough - 1));
        Assert.Contains("weights 9.", refused.Message, StringComparison.Ordinal);
        int context = int.Parse(Regex.Match(refused.Message, "--context ([0-9]+) would fit").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.Equal(511, context);
        Assert.Equal(context, Context(settings with { Context = context }, enough - 1));
        Assert.Throws<Failure>(() => Context(settings with { Context = context + 1 }, enough - 1));
    }

    [Fact]
    public void Without_a_wish_the_context_is_what_fits()
    {
        using TinyModel model = new(context: 100_000);
        ModelSettings settings = new(model.Path, null, null, CacheType.F16, 1);
        using GgufFile file = GgufFile.Open(model.Path);
        MemoryNeed need = MemoryNeed.Of(file, CacheType.F16)!;
        int Given(long available) => MemoryNeed.FittingContext(settings, model.Path, [], available)!.Value;
        Assert.Equal(100_000, Given(need.Total(100_000)));
        Assert.Equal(99_999, Given(need.Total(100_000) - 1));
        Assert.Equal(MemoryNeed.LeastContext, Given(need.Total(MemoryNeed.LeastContext)));
        Assert.Contains($"--context {MemoryNeed.LeastContext - 1} would fit", Assert.Throws<Failure>(() => Given(need.Total(MemoryNeed.LeastContext) - 1)).Message, StringComparison.Ordinal);
        using StringWriter output = new(), error = new();
        long available = need.Total(600);
        Assert.Equal(0, CommandLine.Run(["generate", "a", "-m", model.Path, "-n", "2", "--cache-type", "f16"], new Terminal(output, error) { AvailableMemory = () => available }));
        Assert.Contains("context of 600 positions, as many as fit into memory; the model was trained for 100000", error.ToString(), StringComparison.Ordinal);
    }

    // A head keeps one state of each position of a prompt, in a buffer that may be twice as large; an exit keeps keys and values of one layer.
    [Theory]
    [InlineData("medusa", 2 * 64)]
    [InlineData("kangaroo", 2 * 64)]
    public void What_was_trained_for_the_target_counts(string drafter, int floats)
    {
        using TinyModel model = new(context: 100_000);
        using TinyTrained trained = new(model.Path, model.Path);
        string spec = trained.Give(drafter), path = Spec.Parse(spec).Arguments[0].Value.Name;
        ModelSettings settings = new(model.Path, null, 1000, CacheType.F32, 1);
        BesideFile head = new(path, ReadsStates: drafter == "medusa");
        long Needed(params BesideFile[] others)
        {
            long low = 0, high = 1L << 40;
            while (low < high)
            {
                long middle = (low + high) / 2;
                try
                {
                    MemoryNeed.FittingContext(settings, model.Path, others, middle);
                    high = middle;
                }
                catch (Failure)
                {
                    low = middle + 1;
                }
            }
            return low;
        }
        using GgufFile file = GgufFile.Open(path);
        long weights = file.Tensors.Sum(t => t.ByteLength), more = Needed(head) - Needed();
        long kept = 1000L * floats * sizeof(float);
        Assert.InRange(more, weights + kept, weights + kept + (1 << 21));
        Assert.Equal(more, Needed(head, new BesideFile("/nowhere.gguf", true)) - Needed());
        // The command knows what will be loaded before it loads anything.
        long enough = Needed(head);
        Assert.Equal(0, Generate(enough));
        Assert.Equal(1, Generate(enough - 1));
        Assert.Equal(0, Generate(enough - 1, "none"));

        int Generate(long available, string? other = null)
        {
            using StringWriter output = new(), error = new();
            string[] arguments = ["generate", "a", "-m", model.Path, "-n", "4", "-c", "1000", "--cache-type", "f32", "--budget", "4", "--drafter", other ?? spec];
            return CommandLine.Run(arguments, new Terminal(output, error) { AvailableMemory = () => available });
        }
    }

    [Fact]
    public void Inspect_tells_what_is_asked_for()
    {
        using GgufFile file = GgufFile.Open(Embedded);
        long told = (long)Run.Of("inspect", Embedded, "--json").Json["cost"]!["estimated_memory_bytes"]!;
        Assert.Equal(MemoryNeed.Of(file, CacheType.Auto)!.Total(512), told);
        Assert.InRange(told, file.Tensors.Sum(t => t.ByteLength), 200 << 20);
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

    private static long Need(int sequences)
    {
        using GgufFile file = GgufFile.Open(Embedded);
        return MemoryNeed.Of(file, CacheType.Auto)!.Total(512, sequences);
    }

    private static int? Context(ModelSettings settings, long available) => MemoryNeed.FittingContext(settings, Embedded, [], available);
}
