namespace Percheron.Kernels;

/// <summary>The sizes of a convolution; its frame of zeros is part of the input.</summary>
public readonly record struct ConvolutionShape
{
    /// <summary>Channels of the input.</summary>
    public required int Inputs { get; init; }

    /// <summary>Channels of the output.</summary>
    public required int Outputs { get; init; }

    /// <summary>Pixels of an input row, its frame included.</summary>
    public required int FramedWidth { get; init; }

    /// <summary>Rows of the output.</summary>
    public required int Height { get; init; }

    /// <summary>Pixels of an output row.</summary>
    public required int Width { get; init; }

    /// <summary>Rows of the kernel.</summary>
    public required int KernelHeight { get; init; }

    /// <summary>Pixels of a row of the kernel.</summary>
    public required int KernelWidth { get; init; }

    /// <summary>Input rows from one output row to the next.</summary>
    public required int Down { get; init; }

    /// <summary>Input pixels from one output pixel to the next.</summary>
    public required int Across { get; init; }

    /// <summary>Input pixels from one row, or pixel, of the kernel to the next.</summary>
    public int Dilation { get; init; } = 1;

    /// <summary>Sizes to be filled in.</summary>
    public ConvolutionShape()
    {
    }

    /// <summary>Products of one output.</summary>
    public int Reduction => KernelHeight * KernelWidth * Inputs;

    /// <summary>Where the kernel's element meets the input of an output pixel.</summary>
    internal long At(int y, int x, int kernelY, int kernelX) =>
        ((((long)y * Down) + ((long)kernelY * Dilation)) * FramedWidth * Inputs) + ((((long)x * Across) + ((long)kernelX * Dilation)) * Inputs);

    /// <summary>Whether an input of this many floats holds all that is read.</summary>
    internal bool IsWithin(int length) => Inputs > 0 && Outputs > 0 && Height > 0 && Width > 0 && KernelHeight > 0 && KernelWidth > 0 && Down > 0 && Across > 0 && Dilation > 0
        && ((Width - 1L) * Across) + ((KernelWidth - 1L) * Dilation) < FramedWidth && At(Height - 1, Width - 1, KernelHeight - 1, KernelWidth - 1) + Inputs <= length;
}
