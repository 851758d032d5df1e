using System.Text.Json.Serialization;
using Percheron.Cli.Generation;

namespace Percheron.Cli.Output;

/// <summary><c>image --json</c> and <c>speak --json</c>.</summary>
/// <param name="File">What was written.</param>
/// <param name="Condition">The caption, or the text that was spoken.</param>
/// <param name="Codec">File of the codec.</param>
/// <param name="Run">Codes, settings and counters of the run.</param>
/// <param name="Compared">With <c>--compare</c>.</param>
internal sealed record ArtefactReport(
    string File, string Condition, string Codec, GenerateReport Run, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CompareReport? Compared)
{
    public static ArtefactReport Of(CodeRun run, string file, string condition, CodeSession session) =>
        new(file, condition, session.Codec, GenerateReport.Of(run.Request, run.Result, session.Host), run.Compared);
}
