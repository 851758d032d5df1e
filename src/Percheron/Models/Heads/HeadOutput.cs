namespace Percheron.Models.Heads;

/// <summary>A vocabulary projection: a matrix, or two, W = B A, of low rank or with the target's projection for B.</summary>
/// <param name="Narrow">A [rank, HiddenSize], or null.</param>
/// <param name="Wide">W [vocab, HiddenSize], or B [vocab, rank].</param>
internal sealed unsafe record HeadOutput(Projection? Narrow, Projection Wide)
{
    /// <summary>The form of rows it reads.</summary>
    public ActivationKinds Kind => (Narrow ?? Wide).Matrix.Kind;

    /// <summary>Stored bytes.</summary>
    public long Bytes => Wide.Matrix.Bytes + (Narrow?.Matrix.Bytes ?? 0);

    /// <summary>Reads <c>name.weight</c>, or <c>name_a.weight</c> and <c>name_b.weight</c>, the latter being the target's projection where it is missing; null if the file has neither.</summary>
    public static HeadOutput? Read(HeadTensors tensors, string name)
    {
        int hidden = tensors.Target.HiddenSize, vocab = tensors.Target.Vocab;
        if (tensors.Has($"{name}.weight")) return new HeadOutput(null, tensors.Projection(name, vocab, hidden));
        if (!tensors.Has($"{name}_a.weight")) return null;
        int rank = tensors.Rows($"{name}_a.weight");
        if (!tensors.Has($"{name}_b.weight")) return new HeadOutput(tensors.Projection($"{name}_a", hidden, hidden), tensors.Target.Weights.Output);
        return new HeadOutput(tensors.Projection($"{name}_a", rank, hidden), tensors.Projection($"{name}_b", vocab, rank));
    }

    /// <summary>The file's own projection common to all heads, or the target's.</summary>
    public static HeadOutput Common(HeadTensors tensors) => Read(tensors, "output") ?? new HeadOutput(null, tensors.Target.Weights.Output);

    /// <summary>Writes the logits of rows of <paramref name="x"/> [rows, vocab].</summary>
    /// <param name="products">Multiplies.</param>
    /// <param name="x">Hidden states.</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="between">Holds what is between two matrices; overwritten.</param>
    /// <param name="logits">Of the first of these rows.</param>
    public void Run(RowProduct products, Activations x, (int First, int Count) rows, Activations between, float* logits)
    {
        if (Narrow is null)
        {
            products.Run(Wide, x, rows.First, rows.Count, logits);
            return;
        }
        between.Begin(rows.Count, Narrow.Matrix.Outputs, Wide.Matrix.Kind);
        products.Run(Narrow, x, rows.First, rows.Count, between.Single(0));
        for (int row = 0; row < rows.Count; row++) between.Quantize(row);
        products.Run(Wide, between, 0, rows.Count, logits);
    }
}
