using System.CommandLine;
using Percheron.Cli.Hosting;
using Percheron.Decoding;

namespace Percheron.Cli.Quality;

/// <summary>What <c>evaluate text</c>, <c>image</c> and <c>speech</c> have of their own.</summary>
internal abstract class ModalityFlags
{
    /// <summary>Name of the subcommand.</summary>
    public abstract string Name { get; }

    /// <summary>What it measures.</summary>
    public abstract string Description { get; }

    /// <summary>A command line.</summary>
    public abstract string Example { get; }

    /// <summary>The embedded models that are meant where none are named.</summary>
    public abstract string Family { get; }

    /// <summary>How its models are sampled unless something else is asked for; null is what <c>generate</c> does.</summary>
    public virtual SamplingSettings? Sampling => null;

    /// <summary>Options of its own.</summary>
    public virtual IReadOnlyList<Option> Options => [];

    /// <summary>The models, as these options change them.</summary>
    public virtual ModelSettings Change(ModelSettings settings, ParseResult parsed) => settings;

    /// <summary>Opens prompts and scores.</summary>
    /// <exception cref="Failure">The model is of another kind, or a file is missing.</exception>
    public abstract IModality Open(ParseResult parsed, EvaluationSettings settings);
}
