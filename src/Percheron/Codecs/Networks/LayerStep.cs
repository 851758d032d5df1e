namespace Percheron.Codecs.Networks;

/// <summary>One layer of a plan.</summary>
/// <param name="Layer">What it does.</param>
/// <param name="Number">Its place among the plan's descriptions.</param>
/// <param name="Input">What goes in.</param>
/// <param name="Output">What comes out.</param>
public sealed record LayerStep(LayerDescription Layer, int Number, LayerShape Input, LayerShape Output)
{
    /// <summary>Number of values that make one output of a product, or columns of an embedding; 0 where the layer has no matrix.</summary>
    public int Columns => Layer.IsProduct ? checked(Input.Channels * Layer.Kernel.Down * Layer.Kernel.Across) : Layer.Kind == LayerKind.Embedding ? Layer.Size : 0;
}
