using System.CommandLine;
using System.Globalization;
using Percheron.Cli.Hosting;
using Percheron.Cli.Options;
using Percheron.Cli.Output;
using Percheron.Cli.Quality;
using Percheron.Decoding;

namespace Percheron.Cli.Commands;

/// <summary><c>percheron evaluate</c>: speed against plain decoding and quality, for every drafter × verifier, over paired prompts.</summary>
internal sealed class EvaluateCommand
{
    private readonly Option<string?> _drafters = new("--drafters") { Description = "A file with one 'drafter | verifier | budget' a line, or such lines separated by semicolons; verifier and budget may be left out. [default: what suits the modality and runs here]", HelpName = "LIST" };
    private readonly Option<string?> _verifiers = new("--verifiers") { Description = "Verifiers, separated by semicolons, for the lines that name none. [default: coupled]", HelpName = "SPECS" };
    private readonly Option<int> _samples = Count("--samples", "Prompts that everybody answers and that are judged.", 5000);
    private readonly Option<int> _speedSamples = Count("--speed-samples", "Of them, how many are answered alone and timed; 0 times nothing.", 100);
    private readonly Option<int> _turns = Count("--turns", "How often each of those is timed.", 1);
    private readonly Option<int> _batch = Count("--batch", "Prompts that are answered together where time does not count.", 16);
    private readonly Option<int> _examples = Count("--examples", "Examples in the HTML report.", 12);
    private readonly Option<string?> _log = new("--log") { Description = "Where every answer is kept as it comes, so that a run that was broken off goes on. [default: out/evaluation/MODALITY-MODEL.jsonl]", HelpName = "F" };
    private readonly Option<string?> _report = new("--report") { Description = "Write the report as an HTML file too.", HelpName = "F" };
    private readonly ModelFlags _models = new();
    private readonly SamplingFlags _sampling;
    private readonly PluginFlag _plugin = new();
    private readonly JsonFlag _json = new();
    private readonly Terminal _terminal;
    private readonly ModalityFlags _modality;

    private EvaluateCommand(Command command, Terminal terminal, ModalityFlags modality)
    {
        (_terminal, _modality) = (terminal, modality);
        _sampling = modality.Sampling is { } standard ? new SamplingFlags(standard) : new SamplingFlags();
        foreach (Option option in new Option[] { _drafters, _verifiers, _samples, _speedSamples, _turns, _batch, _log, _report, _examples }) command.Add(option);
        foreach (Option option in modality.Options) command.Add(option);
        _models.AddTo(command);
        _sampling.AddTo(command);
        _plugin.AddTo(command);
        _json.AddTo(command);
    }

    public static Command Create(Terminal terminal)
    {
        Command command = new("evaluate", "Compares ways of decoding with plain decoding: speed from prompt to artefact, and quality of what comes out, paired by prompt and seed. Ctrl-C loses nothing: the same command goes on.");
        ModalityFlags[] modalities = [new TextFlags(), new ImageFlags(), new SpeechFlags()];
        foreach (ModalityFlags modality in modalities)
        {
            Command one = new(modality.Name, modality.Description);
            EvaluateCommand evaluate = new(one, terminal, modality);
            Help.Attach(one, terminal, modality.Example);
            one.SetAction(evaluate.Run);
            command.Add(one);
        }
        Help.Attach(command, terminal, modalities[0].Example);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        (int samples, int speedSamples, int turns, int batch) = (parsed.GetValue(_samples), parsed.GetValue(_speedSamples), parsed.GetValue(_turns), parsed.GetValue(_batch));
        if (samples < 2) throw Failure.Usage("--samples must be at least 2.");
        if (turns < 1 || batch < 1) throw Failure.Usage("--turns and --batch must be at least 1.");
        SamplingSettings sampling = _sampling.Read(parsed);
        ulong seed = _sampling.ReadSeed(parsed, standard: 1);
        Catalog catalog = _plugin.Read(parsed);
        using ModelHost host = new(_modality.Change(_models.Read(parsed) with { Sequences = batch, Family = _modality.Family }, parsed), _terminal);
        using IModality modality = _modality.Open(parsed, new EvaluationSettings(host, catalog, sampling, seed, samples, _terminal));
        EvaluationPlan plan = new([Contender.Plain, .. Contenders(parsed, catalog, modality)], samples, Math.Min(speedSamples, samples), turns, batch);
        string path = parsed.GetValue(_log) ?? Path.Combine("out", "evaluation", $"{_modality.Name}-{Path.GetFileNameWithoutExtension(host.TargetPath)}.jsonl");
        string law = string.Create(CultureInfo.InvariantCulture, $"temperature {sampling.Temperature}, top-k {sampling.TopK}, top-p {sampling.TopP}, min-p {sampling.MinP}");
        EvaluationLog log = new(path, new EvaluationHeader(_modality.Name, Path.GetFileName(host.TargetPath), new FileInfo(host.TargetPath).Length, Path.GetFileName(host.DraftPath), $"{law}, batches of {batch}", seed, host.Target.Team.Threads));
        if (!new EvaluationRunner(plan, new Answering(modality, catalog), log, _terminal).Run())
        {
            _terminal.Note($"ended by Ctrl-C: what was done is kept in '{path}', and the same command goes on from there");
            return 0;
        }
        Scoreboard board = new(plan, modality, catalog, log);
        IReadOnlyList<EvaluationRow> rows = board.Rows(_terminal.Stop);
        EvaluationReport report = new(_modality.Name, modality.About, Path.GetFileName(host.TargetPath), Path.GetFileName(host.DraftPath), host.Target.Team.Threads, law, seed, samples, plan.SpeedSamples, turns, rows);
        if (parsed.GetValue(_report) is { } html) WriteHtml(html, report, plan, modality, board, parsed.GetValue(_examples));
        if (_json.Read(parsed)) Json.Write(_terminal, report);
        else EvaluationTable.Write(report, _terminal);
        return 0;
    }

    // What cannot run with this model, for want of a draft or a trained head, is left out and said.
    private List<Contender> Contenders(ParseResult parsed, Catalog catalog, IModality modality)
    {
        string? list = parsed.GetValue(_drafters);
        string[] lines = list is null ? [.. modality.Standard] : File.Exists(list) ? File.ReadAllLines(list) : list.Split(';');
        string[] verifiers = parsed.GetValue(_verifiers)?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        List<Contender> contenders = [];
        foreach (string line in lines.Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#').SelectMany(l => verifiers.Length == 0 || l.Contains('|', StringComparison.Ordinal) ? [l] : verifiers.Select(v => $"{l} | {v}")))
        {
            try
            {
                Contender contender = Contender.Parse(line, v => catalog.Verifier(v, modality.Host).IsLossless);
                catalog.Drafter(contender.Drafter, modality.Host);
                catalog.Verifier(contender.Verifier, modality.Host);
                if (!contender.IsPlain && !contenders.Contains(contender)) contenders.Add(contender);
            }
            catch (Exception missing) when (missing is SpecException or Failure { ExitCode: Failure.Failed })
            {
                if (list is not null) _terminal.Note($"left out: '{line}': {missing.Message}");
            }
        }
        return contenders.Count > 0 ? contenders : throw new Failure("none of the drafters can run with this model; name some with --drafters.");
    }

    // Plain decoding, the fastest that promises the same, and the fastest that does not.
    private static void WriteHtml(string path, EvaluationReport report, EvaluationPlan plan, IModality modality, Scoreboard board, int examples)
    {
        Contender? Fastest(bool lossless) => plan.Contenders.Zip(report.Rows).Where(c => !c.First.IsPlain && c.Second.Lossless == lossless).OrderByDescending(c => c.Second.Speed?.RatioToPlain ?? c.Second.AcceptedLength).Select(c => c.First).FirstOrDefault();
        Contender[] shown = [.. new[] { Contender.Plain, Fastest(lossless: true), Fastest(lossless: false) }.OfType<Contender>()];
        EvaluationHtml.Write(report, [.. shown.Select(c => c.Name)], [.. Enumerable.Range(0, Math.Min(examples, plan.Samples)).Select(i => new EvaluationHtml.Example(modality.Caption(i), [.. shown.Select(c => modality.Show(board.Output(c, i)))]))], path);
    }

    private static Option<int> Count(string name, string description, int standard) => new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => standard };
}
