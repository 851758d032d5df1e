using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Percheron.Cli.Bench;
using Percheron.Cli.Generation;
using Percheron.Cli.Hosting;
using Percheron.Cli.Options;
using Percheron.Cli.Output;
using Percheron.Decoding;

namespace Percheron.Cli.Commands;

/// <summary><c>percheron bench</c>: drafters × verifiers × temperatures over a prompt file, beside plain decoding or beside another program.</summary>
internal sealed class BenchCommand
{
    private const string Plain = "none";

    private readonly Option<string> _prompts = new("--prompt-file", "-f") { Description = "One prompt for each line; or .jsonl with prompt, turns or question. May be .gz.", HelpName = "F", Required = true };
    private readonly Option<int?> _limit = new("--limit") { Description = "Only the first N prompts. [default: all]", HelpName = "N" };
    private readonly Option<string?> _drafters = new("--drafters") { Description = "Specs separated by semicolons. [default: that of generate]", HelpName = "SPECS" };
    private readonly Option<string> _verifiers = new("--verifiers") { Description = "Specs separated by semicolons.", HelpName = "SPECS", DefaultValueFactory = _ => "coupled" };
    private readonly Option<string> _temperatures = new("--temperatures") { Description = "Numbers separated by semicolons.", HelpName = "TS", DefaultValueFactory = _ => "0;0.8" };
    private readonly Option<int> _maxTokens = GenerateFlags.MaxTokensOption(128);
    private readonly Option<int> _repeats = new("--repeats") { Description = "Interleaved runs of each; numbers are medians.", HelpName = "N", DefaultValueFactory = _ => 3 };
    private readonly Option<bool> _quality = new("--quality") { Description = "Also put every output to the target: the mean log-probability of its tokens, which shows what a lossy verifier does to the text." };
    private readonly Option<string?> _html = new("--html") { Description = "Write the report as an HTML file too.", HelpName = "F" };
    private readonly Option<bool> _ignoreEos = GenerateFlags.IgnoreEosOption();
    private readonly ModelFlags _models = new();
    private readonly SamplingFlags _sampling = new();
    private readonly SpeculationFlags _how = new();
    private readonly SyntheticFlag _synthetic = new();
    private readonly AgainstFlags _against = new();
    private readonly PluginFlag _plugin = new();
    private readonly JsonFlag _json = new();
    private readonly HashSet<string> _passed;
    private readonly Terminal _terminal;

    private BenchCommand(Command command, Terminal terminal)
    {
        _terminal = terminal;
        foreach (Option option in new Option[] { _prompts, _limit, _drafters, _verifiers, _temperatures, _maxTokens, _repeats, _quality, _html }) command.Add(option);
        _against.AddTo(command);
        HashSet<Option> own = [.. command.Options];
        command.Add(_ignoreEos);
        _sampling.AddWithoutTemperatureTo(command);
        _models.AddTo(command);
        _how.AddBudgetTo(command);
        _synthetic.AddTo(command);
        _plugin.AddTo(command);
        // What a run beside another program hands on to generate; the seed is the same for all runs, also where none was given.
        _passed = [.. command.Options.Where(o => !own.Contains(o)).Select(o => o.Name)];
        _passed.Remove("--seed");
        _json.AddTo(command);
    }

    public static Command Create(Terminal terminal)
    {
        Command command = new("bench", "Measures drafters × verifiers × temperatures over a prompt file: accepted length τ, acceptance α, tokens/s, ratio to plain decoding. With --against: paired with another program.");
        BenchCommand bench = new(command, terminal);
        Help.Attach(command, terminal, "percheron bench --prompt-file prompts.jsonl --drafters \"ngram;suffix;model\" --temperatures \"0;0.8\"");
        command.SetAction(bench.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        if (parsed.GetValue(_repeats) < 1) throw Failure.Usage("--repeats must be at least 1.");
        if (parsed.GetValue(_limit) < 1) throw Failure.Usage("--limit must be at least 1.");
        float[] temperatures = [.. List(parsed.GetValue(_temperatures)!).Select(Temperature)];
        SamplingSettings[] settings = [.. temperatures.Select(t => _sampling.Read(parsed, t))];
        int tokens = GenerateFlags.MaxTokens(parsed.GetValue(_maxTokens));
        Func<ModelHost, Drafter, BudgetPolicy> budget = _how.ReadBudget(parsed);
        double? synthetic = _synthetic.Read(parsed);
        OtherProgram? other = _against.Read(parsed);
        IReadOnlyList<string> texts = [.. PromptList.Read(parsed.GetValue(_prompts)!).Take(parsed.GetValue(_limit) ?? int.MaxValue)];
        bool quality = parsed.GetValue(_quality);
        if (quality && other is not null) throw Failure.Usage("--quality reads what this program wrote; it does not go with --against.");
        if (other is not null) return Against(parsed, other, texts, temperatures, tokens);
        Catalog catalog = _plugin.Read(parsed);
        // All of them stay loaded.
        SpecNeed[] needs = [.. List(parsed.GetValue(_drafters) ?? Plain).SelectMany(d => catalog.Needs(d, typeof(Drafter))), .. List(parsed.GetValue(_verifiers)!).SelectMany(v => catalog.Needs(v, typeof(Verifier)))];
        using ModelHost host = new(_models.Read(parsed) with { Needs = needs }, _terminal);
        Generator generator = new(host, catalog, budget) { Synthetic = synthetic };
        int[][] ids = Fitting(texts, host);
        ulong seed = _sampling.ReadSeed(parsed);
        string[] specs = [Plain, .. List(parsed.GetValue(_drafters) ?? SpeculationFlags.Standard(host)).Select(Canonical).Where(s => s != Plain).Distinct()];
        bool ignoreEos = parsed.GetValue(_ignoreEos);
        BenchPlan plan = new(
            specs, [.. List(parsed.GetValue(_verifiers)!).Select(Canonical)],
            [.. settings.Select(s => ids.Select(p => new GenerationRequest { Prompt = p, Sampling = s, Seed = seed, MaxTokens = tokens, IgnoreEos = ignoreEos }).ToArray())], parsed.GetValue(_repeats));
        BenchReport report = new(host.TargetPath, host.DraftPath, host.Target.Team.Threads, ids.Length, tokens, plan.Repeats, seed, new BenchRunner(generator, _terminal) { Scorer = quality ? host.Target : null }.Run(plan)) { Synthetic = synthetic is not null };
        if (parsed.GetValue(_html) is { } file) BenchHtml.Write(report, file);
        if (_json.Read(parsed)) Json.Write(_terminal, report);
        else BenchTable.Write(report, _terminal);
        EndedEarly(report.Rows.Sum(r => r.Runs), plan.Runs);
        return 0;
    }

    private int Against(ParseResult parsed, OtherProgram other, IReadOnlyList<string> texts, float[] temperatures, int tokens)
    {
        if (parsed.GetValue(_html) is not null) throw Failure.Usage("--html shows drafters beside plain decoding; it does not go with --against.");
        string? drafters = parsed.GetValue(_drafters);
        AgainstPlan plan = new(
            _terminal.Self, [.. Passed(parsed)], drafters is null ? [null] : [.. List(drafters).Select(Canonical).Distinct()], [.. List(parsed.GetValue(_verifiers)!).Select(Canonical)], temperatures,
            texts, tokens, _sampling.ReadSeed(parsed), parsed.GetValue(_repeats));
        IReadOnlyList<AgainstRow> rows = new AgainstRunner(plan, other, _terminal).Run();
        AgainstReport report = new(other.Command, other.Pattern is null ? "wall_seconds" : "tokens_per_second", texts.Count, tokens, plan.Repeats, plan.Seed, rows);
        if (_json.Read(parsed)) Json.Write(_terminal, report);
        else AgainstTable.Write(report, _terminal);
        EndedEarly(rows.Sum(r => r.Pairs), plan.Drafters.Count * plan.Verifiers.Count * temperatures.Length * texts.Count * plan.Repeats);
        return 0;
    }

    private IEnumerable<string> Passed(ParseResult parsed)
    {
        foreach (OptionResult given in parsed.CommandResult.Children.OfType<OptionResult>().Where(o => !o.Implicit && _passed.Contains(o.Option.Name)))
        {
            if (given.Tokens.Count == 0) yield return given.Option.Name;
            foreach (Token value in given.Tokens)
            {
                yield return given.Option.Name;
                yield return value.Value;
            }
        }
    }

    private void EndedEarly(int runs, int planned)
    {
        if (_terminal.Stop.IsCancellationRequested) _terminal.Note($"ended by Ctrl-C: only what was complete counts, {runs} of {planned} runs");
    }

    // Sets of prompts hold a few that are longer than a small model's context.
    private int[][] Fitting(IReadOnlyList<string> texts, ModelHost host)
    {
        int[][] ids = [.. texts.Select(t => PromptFlags.Encode(t, host.RequireTokenizer())).Where(p => p.Length < host.Target.ContextLength)];
        if (ids.Length == 0) throw new Failure($"no prompt fits the context of {host.Target.ContextLength} tokens.");
        if (ids.Length < texts.Count) _terminal.Note($"{texts.Count - ids.Length} of {texts.Count} prompts do not fit the context of {host.Target.ContextLength} tokens and are left out");
        return ids;
    }

    private static string[] List(string text)
    {
        string[] items = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return items.Length > 0 ? items : throw Failure.Usage("a list of specs or numbers is empty; separate them by semicolons.");
    }

    private static string Canonical(string spec) => Spec.Parse(spec).ToString();

    private static float Temperature(string text) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) ? value : throw Failure.Usage($"--temperatures takes numbers separated by semicolons, not '{text}'.");
}
