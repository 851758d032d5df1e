using System.CommandLine;
using Percheron.Cli.Generation;
using Percheron.Cli.Hosting;

namespace Percheron.Cli.Options;

/// <summary>All options of <c>generate</c> that say what to generate.</summary>
internal sealed class GenerateFlags
{
    private const int StandardTokens = 256;

    private readonly Option<int> _maxTokens = MaxTokensOption(StandardTokens);
    private readonly Option<int> _minTokens = new("--min-tokens") { Description = "Tokens that must come before the token that ends a text may.", HelpName = "N" };
    private readonly Option<int> _samples = new("--samples") { Description = "Texts to generate, as one batch that reads the prompt once. Each has a seed of its own, with which it comes out the same alone.", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<string[]> _stop = new("--stop") { Description = "A text that ends the output and is not shown (repeatable).", HelpName = "TEXT" };
    private readonly Option<int?> _logProbabilities = new("--logprobs") { Description = "Log-probability of every token, and of the N most probable ones.", HelpName = "N" };
    private readonly Option<bool> _ignoreEos = IgnoreEosOption();

    public PromptFlags Prompt { get; } = new();

    public SamplingFlags Sampling { get; } = new();

    /// <summary><c>-n</c>; −1 is until the text or the context ends.</summary>
    public static Option<int> MaxTokensOption(int standard) => new("--max-tokens", "-n", "--n-predict")
    {
        Description = "Largest number of tokens to generate; -1 is until the text or the context ends.",
        HelpName = "N",
        DefaultValueFactory = _ => standard,
    };

    /// <summary><c>--ignore-eos</c>: nothing is taken out of the law, the token just does not stop.</summary>
    public static Option<bool> IgnoreEosOption() => new("--ignore-eos") { Description = "The token that ends a text is an ordinary one: it does not stop." };

    /// <summary>The number <c>-n</c> means.</summary>
    public static int MaxTokens(int given) => given switch
    {
        -1 => int.MaxValue,
        >= 0 => given,
        _ => throw Failure.Usage($"--max-tokens must be 0 or more, or -1 for no limit, not {given}."),
    };

    public void AddTo(Command command)
    {
        Prompt.AddTo(command);
        command.Add(_maxTokens);
        command.Add(_minTokens);
        command.Add(_samples);
        Sampling.AddTo(command);
        command.Add(_stop);
        command.Add(_ignoreEos);
        command.Add(_logProbabilities);
    }

    /// <summary>Finds wrong usage before any model is loaded.</summary>
    public void Check(ParseResult parsed)
    {
        Prompt.Check(parsed);
        Sampling.Read(parsed);
        MaxTokens(parsed.GetValue(_maxTokens));
        if (parsed.GetValue(_minTokens) < 0) throw Failure.Usage("--min-tokens must be 0 or more.");
        if (ReadSamples(parsed) < 1) throw Failure.Usage($"--samples must be at least 1, not {ReadSamples(parsed)}.");
        if (parsed.GetValue(_logProbabilities) is < 0) throw Failure.Usage("--logprobs must be 0 or more.");
        if ((parsed.GetValue(_stop) ?? []).Contains("")) throw Failure.Usage("--stop takes a text that is not empty.");
    }

    /// <summary>How many texts, which memory has to be there for before anything else can be read.</summary>
    public int ReadSamples(ParseResult parsed) => parsed.GetValue(_samples);

    public GenerationRequest Read(ParseResult parsed, ModelHost host) => new()
    {
        Prompt = Prompt.Read(parsed, host),
        Sampling = Sampling.Read(parsed),
        Seed = Sampling.ReadSeed(parsed),
        Samples = ReadSamples(parsed),
        MaxTokens = MaxTokens(parsed.GetValue(_maxTokens)),
        MinTokens = parsed.GetValue(_minTokens),
        Stops = parsed.GetValue(_stop) ?? [],
        IgnoreEos = parsed.GetValue(_ignoreEos),
        LogProbabilities = parsed.GetValue(_logProbabilities) ?? -1,
    };
}
