namespace Percheron.Models.Heads;

/// <summary>
/// A draft that reads, besides tokens, hidden states of the target: heads, feature-level drafts, block drafts. It answers as any model does, one row for each token, so trees grow with it as
/// with a draft model.
/// </summary>
/// <remarks>
/// The row at position t reads its token and the target's states at position t − 1, the row that foresaw this token. Where these are known (<see cref="HeadCache.State"/>), they are read, however
/// deep in a tree the row stands; behind that a head goes on with what it made itself of the row's parent. A state that nobody told counts as zeros. Rows below the root that were read with
/// states of the head's own are not kept: they are read again with the target's.
/// </remarks>
public interface IHead : IModel
{
    /// <summary>The states of the target that it reads (see <see cref="FeatureSet"/>), each of <see cref="StateSize"/> floats.</summary>
    FeatureSet Reads { get; }

    /// <summary>Floats of one of the target's states; the target's <see cref="IModel.HiddenSize"/>.</summary>
    int StateSize { get; }

    /// <summary>Tokens in a row behind the root that it can guess; <see cref="int.MaxValue"/> where there is no bound.</summary>
    int MaxDepth { get; }

    /// <summary>An empty cache of this head, the same as <see cref="IModel.NewCache"/> gives; the caller disposes it.</summary>
    HeadCache NewHeadCache();
}
