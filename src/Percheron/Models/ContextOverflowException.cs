namespace Percheron.Models;

/// <summary>A row lies beyond the context a model or cache can hold.</summary>
public sealed class ContextOverflowException(int rows, int contextLength)
    : InvalidOperationException($"{rows} positions do not fit a context of {contextLength}; shorten the prompt or raise the context length")
{
    /// <summary>Positions asked for.</summary>
    public int Rows { get; } = rows;

    /// <summary>Positions there are.</summary>
    public int ContextLength { get; } = contextLength;
}
