using Percheron.Training.Corpus;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Nets;

/// <summary>Where the blocks of a pass stand: as many in every row of the batch, one row's behind the other's.</summary>
/// <param name="Count">Blocks of all rows.</param>
/// <param name="Anchors">Their known tokens, int64 [blocks].</param>
/// <param name="Positions">Of all rows of all blocks, int64 [blocks · rows].</param>
/// <param name="Mask">Added to the scores of states, [batch, blocks of a row · rows, time] in the compute type: 0 before the block in its document, −∞ elsewhere.</param>
/// <param name="Guessed">Where the tokens that are guessed stand in [batch · (time + 1)], int64 [blocks, guesses]; the token before and the state that foretells it stand one before.</param>
/// <param name="Foretold">Where those states stand in [batch · time], int64 [blocks, guesses].</param>
/// <param name="Counts">1 where a guess is of the anchor's document, FP32 [blocks, guesses].</param>
public sealed record BlockPlaces(int Count, Tensor Anchors, Tensor Positions, Tensor Mask, Tensor Guessed, Tensor Foretold, Tensor Counts)
{
    /// <summary>Draws places by the batch's key, or spreads them evenly where nothing is drawn.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="plan">Sizes.</param>
    /// <param name="each">Blocks in each row.</param>
    /// <param name="compute">Type of scores.</param>
    public static BlockPlaces In(Batch batch, BlockPlan plan, int each, ScalarType compute)
    {
        int rows = (int)batch.Count, time = (int)batch.Time, last = time - plan.Rows, count = rows * each;
        long[] anchors = new long[count];
        ulong state = batch.Key ?? 0;
        for (int i = 0; i < count; i++)
            anchors[i] = 1 + (batch.Key is null ? (long)(i % each) * (last - 1) / each : (long)(SplitMix.Next(ref state) % (ulong)last));
        Tensor at = tensor(anchors), row = arange(count, ScalarType.Int64).div(each, RoundingMode.floor).to(ScalarType.Int64);
        Tensor documents = batch.Documents, tokens = batch.Rows.reshape(-1), ahead = arange(1, plan.Guesses + 1, ScalarType.Int64);
        Tensor guessed = (row * (time + 1) + at).unsqueeze(1) + ahead, foretold = (row * time + at).unsqueeze(1) + ahead - 1;
        Tensor document = documents.reshape(-1).index_select(0, row * (time + 1) + at);
        Tensor hidden = arange(time, ScalarType.Int64).unsqueeze(0).ge(at.unsqueeze(1)) | documents.narrow(1, 0, time).index_select(0, row).ne(document.unsqueeze(1));
        Tensor mask = zeros(count, time, dtype: compute).masked_fill(hidden, float.NegativeInfinity);
        Tensor same = documents.reshape(-1).index_select(0, guessed.reshape(-1)).view(count, plan.Guesses).eq(document.unsqueeze(1));
        return new BlockPlaces(
            count, tokens.index_select(0, row * (time + 1) + at), (at.unsqueeze(1) + arange(plan.Rows, ScalarType.Int64)).reshape(-1),
            mask.unsqueeze(1).expand(count, plan.Rows, time).reshape(rows, each * plan.Rows, time), guessed, foretold, same.to(ScalarType.Float32));
    }

    /// <summary>The tokens before the guessed ones, int64 [blocks, guesses].</summary>
    public Tensor Before(Batch batch) => batch.Rows.reshape(-1).index_select(0, (Guessed - 1).reshape(-1)).view(Guessed.shape);
}
