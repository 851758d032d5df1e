using System.CommandLine;
using System.Security.Cryptography;
using Percheron.Decoding;

namespace Percheron.Cli.Options;

/// <summary>How logits become laws, and the seed.</summary>
/// <param name="standard">What holds where an option is not given; null are those for text.</param>
internal sealed class SamplingFlags(SamplingSettings? standard = null)
{
    private static readonly SamplingSettings Defaults = new();

    private readonly Option<float> _temperature = Number("--temperature", "Divides the logits; 0 is greedy.", (standard ?? Defaults).Temperature, "T", "--temp");
    private readonly Option<int> _topK = new("--top-k") { Description = "Keep the K most probable tokens; 0 keeps all.", HelpName = "K", DefaultValueFactory = _ => (standard ?? Defaults).TopK };
    private readonly Option<float> _topP = Number("--top-p", "Keep the most probable tokens up to this total probability; 1 keeps all.", (standard ?? Defaults).TopP, "P");
    private readonly Option<float> _minP = Number("--min-p", "Keep tokens at least this probable relative to the best; 0 keeps all.", (standard ?? Defaults).MinP, "P");
    private readonly Option<float> _repeat = Number("--repeat-penalty", "Penalty on tokens among the last ones; 1 is off.", Defaults.RepeatPenalty, "R");
    private readonly Option<float> _frequency = Number("--frequency-penalty", "Subtracted for every recent occurrence of a token.", Defaults.FrequencyPenalty, "R");
    private readonly Option<float> _presence = Number("--presence-penalty", "Subtracted from every token that occurs recently.", Defaults.PresencePenalty, "R");
    private readonly Option<int> _window = new("--repeat-last-n") { Description = "How many of the last tokens penalties see; -1 is all.", HelpName = "N", DefaultValueFactory = _ => Defaults.PenaltyWindow };
    private readonly Option<ulong?> _seed = new("--seed", "-s") { Description = "Seed of all randomness. [default: random, and printed]", HelpName = "S" };

    private bool _penalties;

    public void AddTo(Command command)
    {
        _penalties = true;
        foreach (Option option in new Option[] { _temperature, _topK, _topP, _minP, _repeat, _frequency, _presence, _window, _seed }) command.Add(option);
    }

    /// <summary>What codes are drawn with: no penalties on tokens that come again.</summary>
    public void AddWithoutPenaltiesTo(Command command)
    {
        foreach (Option option in new Option[] { _temperature, _topK, _topP, _minP, _seed }) command.Add(option);
    }

    /// <summary>Everything but <c>--temperature</c>, for a command that has several of those.</summary>
    public void AddWithoutTemperatureTo(Command command)
    {
        AddTo(command);
        command.Options.Remove(_temperature);
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="temperature">Instead of <c>--temperature</c>.</param>
    public SamplingSettings Read(ParseResult parsed, float? temperature = null)
    {
        SamplingSettings settings = new()
        {
            Temperature = temperature ?? parsed.GetValue(_temperature),
            TopK = parsed.GetValue(_topK),
            TopP = parsed.GetValue(_topP),
            MinP = parsed.GetValue(_minP),
            RepeatPenalty = _penalties ? parsed.GetValue(_repeat) : 1,
            FrequencyPenalty = parsed.GetValue(_frequency),
            PresencePenalty = parsed.GetValue(_presence),
            PenaltyWindow = parsed.GetValue(_window),
        };
        try
        {
            settings.Validate();
        }
        catch (ArgumentOutOfRangeException wrong)
        {
            // "TopK must be … (Parameter 'TopK')" names a property; a person at a terminal knows the option.
            string rule = wrong.Message[(wrong.Message.IndexOf(" must be", StringComparison.Ordinal) + 1)..].Split(" (Parameter")[0];
            throw Failure.Usage($"{OptionOf(wrong.ParamName)} {rule}.");
        }
        return settings;
    }

    /// <summary>The seed given, or a random one small enough for every JSON reader.</summary>
    public ulong ReadSeed(ParseResult parsed) => parsed.GetValue(_seed) ?? (ulong)RandomNumberGenerator.GetInt32(1, int.MaxValue);

    /// <summary>The seed given, or a fixed one: for commands that are to be repeated.</summary>
    public ulong ReadSeed(ParseResult parsed, ulong standard) => parsed.GetValue(_seed) ?? standard;

    private static string OptionOf(string? property) => property switch
    {
        nameof(SamplingSettings.TopK) => "--top-k",
        nameof(SamplingSettings.TopP) => "--top-p",
        nameof(SamplingSettings.MinP) => "--min-p",
        nameof(SamplingSettings.RepeatPenalty) => "--repeat-penalty",
        nameof(SamplingSettings.FrequencyPenalty) => "--frequency-penalty",
        nameof(SamplingSettings.PresencePenalty) => "--presence-penalty",
        nameof(SamplingSettings.PenaltyWindow) => "--repeat-last-n",
        _ => "--temperature",
    };

    private static Option<float> Number(string name, string description, float standard, string unit, params string[] aliases) =>
        new(name, aliases) { Description = description, HelpName = unit, DefaultValueFactory = _ => standard };
}
