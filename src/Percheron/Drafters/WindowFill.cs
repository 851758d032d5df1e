namespace Percheron.Drafters;

/// <summary>What a window of parallel decoding holds where no answer is known yet. Source: speculative Jacobi decoding, arXiv 2410.01699 §3.3.</summary>
public enum WindowFill
{
    /// <summary>The token before.</summary>
    Repeat,

    /// <summary>A draw from the uniform law over what may stand there.</summary>
    Random,

    /// <summary>The left neighbour on a grid; at the beginning of a row the upper one.</summary>
    Left,

    /// <summary>The upper neighbour on a grid; in the first row the left one.</summary>
    Above,
}
