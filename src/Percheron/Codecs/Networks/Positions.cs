namespace Percheron.Codecs.Networks;

/// <summary>Layers that move activations [height, width, channels] or fold them position by position.</summary>
internal static class Positions
{
    /// <summary>Stands activations in a frame of zeros.</summary>
    public static void Frame(ReadOnlySpan<float> x, LayerShape shape, (int Down, int Across) padding, Span<float> framed)
    {
        int row = shape.Width * shape.Channels, side = padding.Across * shape.Channels, wide = row + (2 * side);
        framed[..((shape.Height + (2 * padding.Down)) * wide)].Clear();
        for (int y = 0; y < shape.Height; y++) x.Slice(y * row, row).CopyTo(framed[(((y + padding.Down) * wide) + side)..]);
    }

    /// <summary>Each position repeated.</summary>
    public static void Upsample(ReadOnlySpan<float> x, LayerShape shape, (int Down, int Across) by, Span<float> y)
    {
        int width = shape.Width * by.Across, row = width * shape.Channels;
        for (int r = 0; r < shape.Height; r++)
        {
            Span<float> first = y.Slice(r * by.Down * row, row);
            for (int c = 0; c < width; c++) x.Slice(((r * shape.Width) + (c / by.Across)) * shape.Channels, shape.Channels).CopyTo(first[(c * shape.Channels)..]);
            for (int again = 1; again < by.Down; again++) first.CopyTo(y[(((r * by.Down) + again) * row)..]);
        }
    }

    /// <summary>Channel c · down · across + i · across + j becomes channel c of the position i below and j right.</summary>
    public static void Shuffle(ReadOnlySpan<float> x, LayerShape shape, (int Down, int Across) by, Span<float> y)
    {
        int area = by.Down * by.Across, channels = shape.Channels / area, width = shape.Width * by.Across;
        for (int r = 0; r < shape.Height; r++)
        {
            for (int c = 0; c < shape.Width; c++)
            {
                ReadOnlySpan<float> from = x.Slice(((r * shape.Width) + c) * shape.Channels, shape.Channels);
                for (int part = 0; part < area; part++)
                {
                    (int i, int j) = Math.DivRem(part, by.Across);
                    Span<float> to = y.Slice(((((r * by.Down) + i) * width) + (c * by.Across) + j) * channels, channels);
                    for (int channel = 0; channel < channels; channel++) to[channel] = from[(channel * area) + part];
                }
            }
        }
    }

    /// <summary>The mean over positions, each channel's sum in their order.</summary>
    public static void Pool(ReadOnlySpan<float> x, int channels, Span<float> y)
    {
        y.Clear();
        for (int at = 0; at < x.Length; at += channels)
        {
            for (int c = 0; c < channels; c++) y[c] += x[at + c];
        }
        float count = x.Length / channels;
        for (int c = 0; c < channels; c++) y[c] /= count;
    }

    /// <summary>Divides the channels of each position by their length, or by <paramref name="least"/> where that is larger.</summary>
    public static void Unit(Span<float> x, int channels, float least)
    {
        for (int at = 0; at < x.Length; at += channels)
        {
            Span<float> vector = x.Slice(at, channels);
            float squares = 0;
            foreach (float value in vector) squares += value * value;
            float length = Math.Max(MathF.Sqrt(squares), least);
            for (int c = 0; c < channels; c++) vector[c] /= length;
        }
    }
}
