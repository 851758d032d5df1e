using Percheron.Decoding;
using Percheron.Evaluation.Metrics;
using Percheron.Models;

namespace Percheron.Cli.Quality;

/// <summary>What an evaluation has to know of text, pictures or speech: prompts, what a person waits for besides the tokens, and how good they are.</summary>
internal interface IModality : IDisposable
{
    /// <summary><c>text</c>, <c>image</c> or <c>speech</c>.</summary>
    string Name { get; }

    /// <summary>What the prompts and the scores are, for the report.</summary>
    string About { get; }

    /// <summary>The target, guided where it is guided.</summary>
    IModel Model { get; }

    /// <summary>Supplies what specs leave out.</summary>
    ISpecHost Host { get; }

    /// <summary>A planner for a drafter.</summary>
    BudgetPolicy NewPlanner(Drafter drafter);

    /// <summary>Lines of contenders that are compared where none are named; those that cannot run here are left out.</summary>
    IReadOnlyList<string> Standard { get; }

    /// <summary>What is measured, the measure that decides first.</summary>
    IReadOnlyList<ICorpusMetric> Metrics { get; }

    /// <summary>Prompt <paramref name="index"/>: the same whoever answers it. The seed belongs to the index.</summary>
    (int[] Tokens, SequenceOptions Options) Prompt(int index);

    /// <summary>Makes what a person asked for out of an output: part of the time that counts.</summary>
    void Render(ReadOnlySpan<int> output);

    /// <summary>Observations of an output, one for each metric (<see cref="ICorpusMetric.Add"/>).</summary>
    double[][] Judge(int index, ReadOnlySpan<int> output);

    /// <summary>The prompt as a person reads it.</summary>
    string Caption(int index);

    /// <summary>An output as a fragment of HTML that needs no other file.</summary>
    string Show(ReadOnlySpan<int> output);
}
