using System.CommandLine;
using Percheron.Cli.Generation;
using Percheron.Cli.Hosting;
using Percheron.Codecs;
using Percheron.Decoding;

namespace Percheron.Cli.Options;

/// <summary>What <c>image</c> and <c>speak</c> have in common: a condition, a model over codes, a codec, a file to write.</summary>
/// <param name="family">The embedded models that are meant where none are named.</param>
/// <param name="condition">What the condition is called and what it says.</param>
/// <param name="output">File that is written where none is named.</param>
internal sealed class CodeFlags(string family, (string Name, string Description) condition, string output)
{
    private readonly Argument<string[]> _condition = new(condition.Name) { Description = condition.Description, Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> _output = new("--output", "-o") { Description = "The file to write; replaced if it exists.", HelpName = "FILE", DefaultValueFactory = _ => output };
    private readonly Option<string?> _codec = new("--codec") { Description = "What turns codes into the output: a GGUF file, or 'palette' for pictures of plain colours. [default: FAMILY-codec.gguf beside the model, or the embedded one]", HelpName = "PATH" };
    private readonly GuidanceFlag _guidance = new();
    private readonly Option<bool> _compare = new("--compare") { Description = "Run plain decoding too, check that all codes are the same, print both speeds; exit 1 if they differ." };
    private readonly Option<int> _repeats = new("--repeats") { Description = "With --compare: runs of each kind; speeds are medians.", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly JsonFlag _json = new();
    private readonly PluginFlag _plugin = new();

    public ModelFlags Models { get; } = new();

    public SamplingFlags Sampling { get; } = new(CodeSession.Standard);

    public SpeculationFlags Speculation { get; } = new();

    public void AddTo(Command command)
    {
        command.Add(_condition);
        command.Add(_output);
        command.Add(_guidance.Option);
        Sampling.AddWithoutPenaltiesTo(command);
        command.Add(_codec);
        Models.AddTo(command);
        Speculation.AddTo(command);
        command.Add(_compare);
        command.Add(_repeats);
        _plugin.AddTo(command);
        _json.AddTo(command);
    }

    /// <summary>The condition; words that were not quoted are joined.</summary>
    public string ReadCondition(ParseResult parsed)
    {
        string text = string.Join(' ', parsed.GetValue(_condition) ?? []).Trim();
        return text.Length > 0 ? text : throw Failure.Usage($"{condition.Name} must not be empty.");
    }

    public string ReadOutput(ParseResult parsed) => parsed.GetValue(_output)!;

    public bool ReadJson(ParseResult parsed) => _json.Read(parsed);

    /// <summary>Runs of each kind with <c>--compare</c>; 0 without.</summary>
    public int ReadRepeats(ParseResult parsed)
    {
        if (parsed.GetValue(_repeats) < 1) throw Failure.Usage("--repeats must be at least 1.");
        return parsed.GetValue(_compare) ? parsed.GetValue(_repeats) : 0;
    }

    /// <summary>The model over codes and everything that runs it.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="terminal">Of the command.</param>
    /// <param name="kind">What its codes are to be of.</param>
    /// <param name="samples">Sequences side by side.</param>
    /// <exception cref="Failure">There is no such model, or its codes are of something else.</exception>
    public CodeSession Open(ParseResult parsed, Terminal terminal, string kind, int samples)
    {
        Catalog catalog = _plugin.Read(parsed);
        EmbeddedModels embedded = new(terminal.ModelsFolder, family);
        ModelSettings settings = Models.Read(parsed) with { Sequences = samples, Needs = Speculation.ReadNeeds(parsed, catalog), Family = family, Guidance = _guidance.Read(parsed) };
        ModelHost host = new(settings, terminal);
        try
        {
            if (host.Codes is not { } codes || codes.Kind != kind) throw new Failure($"'{host.TargetPath}' is no model of {(kind == CodeLayout.Image ? "pictures" : "speech")}: it does not state where such codes stand.");
            string codec = parsed.GetValue(_codec) ?? Companion.Of(host.TargetPath, "codec", embedded.Codec);
            return new CodeSession(host, catalog, codes, codec);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }
}
