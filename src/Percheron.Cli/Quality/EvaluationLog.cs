using System.Text.Json;
using Percheron.Cli.Output;

namespace Percheron.Cli.Quality;

/// <summary>What an evaluation has done so far, one line of JSON for each piece of work. A run that was broken off goes on where it stopped; half a line at the end is dropped.</summary>
internal sealed class EvaluationLog
{
    private readonly string _path;
    private readonly Dictionary<(string Contender, int First), EvaluationLine> _outputs = [];
    private readonly Dictionary<(string Contender, int First, int Turn), EvaluationLine> _times = [];

    /// <summary>Opens or begins a log.</summary>
    /// <exception cref="Failure">The file is the log of another evaluation, or cannot be written.</exception>
    public EvaluationLog(string path, EvaluationHeader header)
    {
        _path = path;
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
            if (File.Exists(path) && new FileInfo(path).Length > 0) Read(header);
            else File.WriteAllText(path, Json.Text(header) + "\n");
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new Failure($"--log: {wrong.Message}");
        }
    }

    /// <summary>Lines about time.</summary>
    public IEnumerable<EvaluationLine> Times => _times.Values;

    /// <summary>Outputs of a contender for a run of prompts; null where it has not answered them.</summary>
    public EvaluationLine? Outputs(Contender contender, int first) => _outputs.GetValueOrDefault((contender.Name, first));

    /// <summary>Whether a prompt was timed.</summary>
    public bool IsTimed(Contender contender, int index, int turn) => _times.ContainsKey((contender.Name, index, turn));

    /// <summary>Adds lines, on disk at once.</summary>
    public void Add(params IReadOnlyList<EvaluationLine> lines)
    {
        File.AppendAllLines(_path, lines.Select(Json.Text));
        foreach (EvaluationLine line in lines) Keep(line);
    }

    private void Keep(EvaluationLine line)
    {
        if (line.Outputs is null) _times[(line.Contender, line.First, line.Turn)] = line;
        else _outputs[(line.Contender, line.First)] = line;
    }

    private void Read(EvaluationHeader header)
    {
        string text = File.ReadAllText(_path);
        // A line that was being written when the program was killed has no end.
        int whole = text.LastIndexOf('\n') + 1;
        if (whole < text.Length) File.WriteAllText(_path, text = text[..whole]);
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0)
        {
            File.WriteAllText(_path, Json.Text(header) + "\n");
            return;
        }
        if (lines[0] != Json.Text(header)) throw new Failure($"--log: '{_path}' belongs to another evaluation ({lines[0]}); name another file, or repeat that one's options.");
        for (int i = 1; i < lines.Length; i++)
        {
            try
            {
                Keep(Json.Read<EvaluationLine>(lines[i]) ?? throw new JsonException());
            }
            catch (JsonException)
            {
                throw new Failure($"--log: line {i + 1} of '{_path}' is no line of an evaluation.");
            }
        }
    }
}
