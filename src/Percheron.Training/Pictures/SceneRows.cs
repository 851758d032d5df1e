using Percheron.Evaluation.Scenes;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Pictures;

/// <summary>Scenes as rows of 16-bit numbers: red, green and blue of every pixel, then what is to be known of the scene [batch, <see cref="Pixels"/> + known].</summary>
/// <param name="scenes">Where they are from.</param>
/// <param name="known">What is known of one, as numbers of 16 bits.</param>
/// <param name="together">Held-out scenes that are measured as one batch.</param>
/// <param name="heldOut">How many such batches.</param>
public sealed class SceneRows(SceneGenerator scenes, Func<CaptionedScene, short[]> known, int together, int heldOut) : IRowSource
{
    /// <summary>Numbers that the pixels take.</summary>
    public const int Pixels = 3 * Scene.Side * Scene.Side;

    // What progress counts.
    /// <inheritdoc/>
    public int Length => 1;

    /// <inheritdoc/>
    public int HeldOutCount { get; } = heldOut;

    /// <inheritdoc/>
    public Batch Rows(long first, int count, ulong key) => Batch([.. Enumerable.Range(0, count).Select(i => scenes.Train(first + i))], key);

    /// <inheritdoc/>
    public Batch HeldOut(int row) => HeldOut(row, together);

    /// <summary>Held-out scenes from number <paramref name="row"/> × <paramref name="count"/>.</summary>
    public Batch HeldOut(int row, int count) => Batch([.. Enumerable.Range(0, count).Select(i => scenes.HeldOut(((long)row * count) + i))], null);

    /// <summary>The pixels of a batch from −1 to 1 [batch, 3, height, width].</summary>
    public static Tensor PicturesOf(Batch batch) =>
        batch.Rows.narrow(1, 0, Pixels).to(ScalarType.Float32).view(-1, Scene.Side, Scene.Side, 3).permute(0, 3, 1, 2).div(127.5f).sub(1f);

    /// <summary>What is known of the scenes of a batch [batch, known].</summary>
    public static Tensor KnownOf(Batch batch) => batch.Rows.narrow(1, Pixels, batch.Rows.shape[1] - Pixels);

    private Batch Batch(CaptionedScene[] drawn, ulong? key)
    {
        short[] values = [.. drawn.SelectMany(scene => SceneDrawing.Draw(scene.Scene).Pixels.Select(p => (short)p).Concat(known(scene)))];
        return new Batch(tensor(values, [drawn.Length, values.Length / drawn.Length], ScalarType.Int16), ones([drawn.Length, 1], ScalarType.Int32), key);
    }
}
