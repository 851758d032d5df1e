namespace Percheron.Models;

/// <summary>The weights with which a layer attends to an encoder's states.</summary>
/// <param name="Norm">Before the query.</param>
/// <param name="Query">[QuerySize, HiddenSize].</param>
/// <param name="Key">[KeyValueSize, StateSize], of the states.</param>
/// <param name="Value">[KeyValueSize, StateSize], of the states.</param>
/// <param name="Output">[HiddenSize, QuerySize].</param>
internal sealed record CrossWeights(Norm Norm, Projection Query, Projection Key, Projection Value, Projection Output);
