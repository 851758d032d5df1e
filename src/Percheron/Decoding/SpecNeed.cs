namespace Percheron.Decoding;

/// <summary>What a spec asks its host for.</summary>
/// <param name="Type">Of the constructor's parameter.</param>
/// <param name="Parameter">Its name.</param>
/// <param name="File">The file that the spec names; null leaves it to the host.</param>
public readonly record struct SpecNeed(Type Type, string Parameter, string? File);
