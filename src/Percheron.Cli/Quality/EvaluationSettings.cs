using Percheron.Cli.Hosting;
using Percheron.Decoding;

namespace Percheron.Cli.Quality;

/// <summary>What every modality is opened with.</summary>
/// <param name="Host">The models; not owned by the modality.</param>
/// <param name="Catalog">Methods.</param>
/// <param name="Sampling">Of all answers.</param>
/// <param name="Seed">The seed of prompt i is derived from it.</param>
/// <param name="Samples">Prompts.</param>
/// <param name="Terminal">Of the command.</param>
internal sealed record EvaluationSettings(ModelHost Host, Catalog Catalog, SamplingSettings Sampling, ulong Seed, int Samples, Terminal Terminal);
