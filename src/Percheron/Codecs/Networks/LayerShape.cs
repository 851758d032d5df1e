namespace Percheron.Codecs.Networks;

/// <summary>The size of the activations between two layers, which lie [height, width, channels].</summary>
/// <param name="Channels">Floats of a position.</param>
/// <param name="Height">Rows; 1 for sequences.</param>
/// <param name="Width">Positions of a row.</param>
public readonly record struct LayerShape(int Channels, int Height, int Width)
{
    /// <summary>Number of floats.</summary>
    public long Count => (long)Channels * Height * Width;

    /// <inheritdoc/>
    public override string ToString() => $"[{Channels}, {Height}, {Width}]";
}
