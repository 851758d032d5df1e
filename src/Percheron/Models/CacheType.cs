namespace Percheron.Models;

/// <summary>Precision in which a cache keeps keys and values.</summary>
public enum CacheType
{
    /// <summary><see cref="F32"/> where every matrix of the model is F32, else <see cref="F16"/>.</summary>
    Auto,

    /// <summary>Half precision, 2 bytes.</summary>
    F16,

    /// <summary>Single precision, 4 bytes.</summary>
    F32,
}
