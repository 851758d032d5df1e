using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Percheron.Cli.Commands;
using Percheron.Cli.Tests.Support;
using Percheron.Kernels;
using Xunit;

namespace Percheron.Cli.Tests;

/// <summary>
/// The command compiled ahead of time is the same command. <c>./check aot</c> publishes it, names it in <c>PERCHERON_AOT</c> and asks for these tests;
/// an ordinary run leaves them out.
/// </summary>
public class NativeBuildTests(ITestOutputHelper log)
{
    private const int Pairs = 7;

    private static readonly string Models = Path.Combine(AppContext.BaseDirectory, "models");

    private static string Native => Environment.GetEnvironmentVariable("PERCHERON_AOT") is { Length: > 0 } path ? path : throw new InvalidOperationException("PERCHERON_AOT names no file: run ./check aot");

    public static TheoryData<string> Drafters => [.. Examples.Of(Models).Append("fallback(suffix, model)").Distinct()];

    [Fact(Explicit = true)]
    public void It_starts_in_less_than_50_ms()
    {
        double[] times = new double[9];
        for (int i = 0; i < times.Length; i++)
        {
            long from = Stopwatch.GetTimestamp();
            Assert.Equal(0, Start(Native, ["--version"]).Code);
            times[i] = Stopwatch.GetElapsedTime(from).TotalMilliseconds;
        }
        double median = Median(times);
        log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"percheron --version: {median:f1} ms (median of {times.Length})"));
        Assert.True(median < 50, $"percheron --version took {median} ms");
    }

    [Theory(Explicit = true)]
    [InlineData("drafters")]
    [InlineData("verifiers")]
    public void Its_catalogue_is_complete(string command) => Assert.Equal(Run.Of(command, "--json").Output, Start(Native, [command, "--json"]).Output);

    [Theory(Explicit = true)]
    [MemberData(nameof(Drafters))]
    public void Its_text_is_the_same(string drafter)
    {
        using TinyCorpus corpus = new(model: null, Models);
        drafter = corpus.Give(drafter);
        foreach (string temperature in new[] { "0", "0.8" })
        {
            string[] arguments = ["generate", GenerateCommand.ExamplePrompt, "-n", "200", "--ignore-eos", "--seed", "7", "--temperature", temperature, "--drafter", drafter, "--json"];
            Run native = Start(Native, arguments);
            JsonNode expected = Run.Of(arguments, models: Models).Json;
            Assert.Equal(expected["tokens"]!.ToJsonString(), native.Json["tokens"]!.ToJsonString());
            Assert.Equal(expected["text"]!.ToJsonString(), native.Json["text"]!.ToJsonString());
        }
    }

    [Fact(Explicit = true)]
    public void It_runs_the_instructions_that_the_ordinary_build_runs()
    {
        string[] arguments = ["generate", GenerateCommand.ExamplePrompt, "-n", "2", "--json"];
        foreach (InstructionLevel level in Enum.GetValues<InstructionLevel>())
        {
            Run run = Start(Native, arguments, (InstructionSet.Variable, level.ToString()));
            Assert.True(InstructionSet.IsRunnable(level) == (run.Code == 0), $"{level}: {run.Error}");
        }
        // The machine code of our own, too, where the ordinary build has it.
        JsonNode profile = Start(Native, ["profile", "--seconds", "0", "--filled", "8", "--json"], ("XDG_CACHE_HOME", ""), ("HOME", "")).Json;
        Assert.Equal(InstructionSet.Description, (string?)profile["instructions"]);
    }

    [Fact(Explicit = true)]
    public void It_refuses_a_plugin_in_one_line() =>
        Assert.Contains("ahead of time", Start(Native, ["generate", "--plugin", "some.dll", "text"]).Fails(2), StringComparison.Ordinal);

    [Theory(Explicit = true)]
    [InlineData("none", "0")]
    [InlineData("fallback(suffix, model)", "0.8")]
    public void It_is_as_fast(string drafter, string temperature)
    {
        string prompts = Path.GetTempFileName();
        try
        {
            File.WriteAllText(prompts, GenerateCommand.ExamplePrompt + "\n");
            string[] arguments = ["bench", "-f", prompts, "--drafters", drafter, "--temperatures", temperature, "-n", "300", "--ignore-eos", "--seed", "7", "--repeats", "15", "--json"];
            string ordinary = Path.Combine(AppContext.BaseDirectory, "Percheron.Cli.dll");
            double[] ratios = new double[Pairs];
            for (int i = 0; i < Pairs; i++) ratios[i] = Speed(Start(Native, arguments)) / Speed(Start("dotnet", [ordinary, .. arguments]));
            double median = Median(ratios);
            log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{drafter}, temperature {temperature}: native is {median:f2} × the ordinary build ({ratios.Min():f2} to {ratios.Max():f2}, {Pairs} pairs)"));
            Assert.True(median >= 0.95, $"native is {median} × the ordinary build");
        }
        finally
        {
            File.Delete(prompts);
        }
    }

    private static double Speed(Run bench) => bench.Json["rows"]!.AsArray()[^1]!["tokens_per_second"]!.GetValue<double>();

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static Run Start(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = System.Text.Encoding.UTF8 };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Run(process.ExitCode, output, error.Result);
    }
}
