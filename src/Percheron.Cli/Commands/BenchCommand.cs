using System.CommandLine;
using System.Globalization;
using Percheron.Cli.Bench;
using Percheron.Cli.Generation;
using Percheron.Cli.Hosting;
using Percheron.Cli.Options;
using Percheron.Cli.Output;
using Percheron.Decoding;

namespace Percheron.Cli.Commands;

/// <summary><c>percheron bench</c>: drafters × verifiers × temperatures over a prompt file, beside plain decoding.</summary>
internal static class BenchCommand
{
    private const string Plain = "none";

    public static Command Create(Terminal terminal)
    {
        Command command = new("bench", "Measures drafters × verifiers × temperatures over a prompt file: accepted length τ, acceptance α, tokens/s, ratio to plain decoding.");
        Option<string> prompts = new("--prompt-file", "-f") { Description = "One prompt for each line; or .jsonl with prompt, turns or question. May be .gz.", HelpName = "F", Required = true };
        Option<int?> limit = new("--limit") { Description = "Only the first N prompts. [default: all]", HelpName = "N" };
        Option<string?> drafters = new("--drafters") { Description = "Specs separated by semicolons. [default: that of generate]", HelpName = "SPECS" };
        Option<string> verifiers = new("--verifiers") { Description = "Specs separated by semicolons.", HelpName = "SPECS", DefaultValueFactory = _ => "coupled" };
        Option<string> temperatures = new("--temperatures") { Description = "Numbers separated by semicolons.", HelpName = "TS", DefaultValueFactory = _ => "0;0.8" };
        Option<int> maxTokens = GenerateFlags.MaxTokensOption(128);
        Option<int> repeats = new("--repeats") { Description = "Interleaved runs of each; numbers are medians.", HelpName = "N", DefaultValueFactory = _ => 3 };
        Option<bool> ignoreEos = GenerateFlags.IgnoreEosOption();
        ModelFlags models = new();
        SamplingFlags sampling = new();
        SpeculationFlags how = new();
        PluginFlag plugin = new();
        JsonFlag json = new();
        foreach (Option option in new Option[] { prompts, limit, drafters, verifiers, temperatures, maxTokens, repeats, ignoreEos }) command.Add(option);
        sampling.AddWithoutTemperatureTo(command);
        models.AddTo(command);
        how.AddBudgetTo(command);
        plugin.AddTo(command);
        json.AddTo(command);
        Help.Attach(command, terminal, "percheron bench --prompt-file prompts.jsonl --drafters \"ngram;suffix;model\" --temperatures \"0;0.8\"");
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(repeats) < 1) throw Failure.Usage("--repeats must be at least 1.");
            if (parsed.GetValue(limit) < 1) throw Failure.Usage("--limit must be at least 1.");
            SamplingSettings[] settings = [.. List(parsed.GetValue(temperatures)!).Select(t => sampling.Read(parsed, Temperature(t)))];
            (int tokens, ulong seed) = (GenerateFlags.MaxTokens(parsed.GetValue(maxTokens)), sampling.ReadSeed(parsed));
            Func<BudgetPolicy> budget = how.ReadBudget(parsed);
            IReadOnlyList<string> texts = [.. PromptList.Read(parsed.GetValue(prompts)!).Take(parsed.GetValue(limit) ?? int.MaxValue)];
            using ModelHost host = new(models.Read(parsed), terminal);
            Generator generator = new(host, plugin.Read(parsed), budget);
            int[][] ids = Fitting(texts, host, terminal);
            string[] specs = [Plain, .. List(parsed.GetValue(drafters) ?? SpeculationFlags.Standard(host)).Select(Canonical).Where(s => s != Plain).Distinct()];
            BenchPlan plan = new(
                specs, [.. List(parsed.GetValue(verifiers)!).Select(Canonical)],
                [.. settings.Select(s => ids.Select(p => new GenerationRequest { Prompt = p, Sampling = s, Seed = seed, MaxTokens = tokens, IgnoreEos = parsed.GetValue(ignoreEos) }).ToArray())], parsed.GetValue(repeats));
            BenchReport report = new(host.TargetPath, host.DraftPath, host.Target.Team.Threads, ids.Length, tokens, plan.Repeats, seed, new BenchRunner(generator, terminal).Run(plan));
            if (json.Read(parsed)) Json.Write(terminal, report);
            else BenchTable.Write(report, terminal);
            if (terminal.Stop.IsCancellationRequested) terminal.Note($"ended by Ctrl-C: only what was complete counts, {report.Rows.Sum(r => r.Runs)} of {plan.Runs} runs");
            return 0;
        });
        return command;
    }

    // Sets of prompts hold a few that are longer than a small model's context.
    private static int[][] Fitting(IReadOnlyList<string> texts, ModelHost host, Terminal terminal)
    {
        int[][] ids = [.. texts.Select(t => PromptFlags.Encode(t, host.RequireTokenizer())).Where(p => p.Length < host.Target.ContextLength)];
        if (ids.Length == 0) throw new Failure($"no prompt fits the context of {host.Target.ContextLength} tokens.");
        if (ids.Length < texts.Count) terminal.Note($"{texts.Count - ids.Length} of {texts.Count} prompts do not fit the context of {host.Target.ContextLength} tokens and are left out");
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
