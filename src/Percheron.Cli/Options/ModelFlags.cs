using System.CommandLine;
using Percheron.Cli.Hosting;
using Percheron.Kernels;
using Percheron.Models;

namespace Percheron.Cli.Options;

/// <summary>Which models, and how they are run.</summary>
internal sealed class ModelFlags
{
    private readonly Option<string?> _model = new("--model", "-m") { Description = "The target: a GGUF file. [default: the embedded model]", HelpName = "PATH" };
    private readonly Option<string?> _draft = new("--model-draft", "-md") { Description = "The draft model: a GGUF file with the target's vocabulary. [default: the embedded draft if the target is the embedded model]", HelpName = "PATH" };
    private readonly Option<string?> _heads = new("--heads") { Description = "Folder of what was trained for the target: eagle3 and the like find KIND.gguf or percheron-docs-KIND.gguf there. [default: that of the embedded models if the target is the embedded model]", HelpName = "FOLDER" };
    private readonly Option<int?> _context = new("--context", "-c", "--ctx-size") { Description = "Positions to make room for. [default: what the model was trained for, or as many as fit into memory]", HelpName = "N" };
    private readonly Option<string?> _cacheType = new("--cache-type") { Description = "Precision of the cache: f32 or f16. [default: f32 if the file's matrices are F32, else f16]", HelpName = "TYPE" };
    private readonly Option<int?> _threads = new("--threads", "-t") { Description = $"Threads. [default: physical cores, {PhysicalCores.Count} here]", HelpName = "N" };
    private readonly Option<int> _draftThreads = new("--threads-draft", "-td") { Description = "Threads of a draft model that runs beside the target, under 'ahead'; others share the target's.", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly bool _drafts;

    /// <param name="drafts">Whether the command can use a draft model.</param>
    public ModelFlags(bool drafts = true) => _drafts = drafts;

    public void AddTo(Command command)
    {
        command.Add(_model);
        if (_drafts) command.Add(_draft);
        if (_drafts) command.Add(_heads);
        command.Add(_context);
        command.Add(_cacheType);
        command.Add(_threads);
        if (_drafts) command.Add(_draftThreads);
    }

    public ModelSettings Read(ParseResult parsed)
    {
        int? threads = parsed.GetValue(_threads), context = parsed.GetValue(_context);
        if (threads < 1) throw Failure.Usage($"--threads must be at least 1, not {threads}.");
        int draftThreads = _drafts ? parsed.GetValue(_draftThreads) : 1;
        if (draftThreads < 1) throw Failure.Usage($"--threads-draft must be at least 1, not {draftThreads}.");
        if (context < 1) throw Failure.Usage($"--context must be at least 1, not {context}.");
        CacheType cache = parsed.GetValue(_cacheType)?.ToLowerInvariant() switch
        {
            null => CacheType.Auto,
            "f16" => CacheType.F16,
            "f32" => CacheType.F32,
            var other => throw Failure.Usage($"--cache-type must be f32 or f16, not {other}."),
        };
        return new ModelSettings(parsed.GetValue(_model), _drafts ? parsed.GetValue(_draft) : null, context, cache, threads ?? PhysicalCores.Count, draftThreads, Heads: _drafts ? parsed.GetValue(_heads) : null);
    }
}
