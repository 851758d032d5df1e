namespace Percheron.Decoding;

/// <summary>Why a sequence ended.</summary>
public enum FinishReason
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>A token or text that ends generation came up.</summary>
    Stop,

    /// <summary>It reached the number of tokens asked for, or the end of the context.</summary>
    Length,

    /// <summary>The caller cancelled it.</summary>
    Cancelled,
}
