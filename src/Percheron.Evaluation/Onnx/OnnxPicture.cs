using Percheron.Codecs.Images;

namespace Percheron.Evaluation.Onnx;

/// <summary>How pictures go into an ONNX network: one picture, its colours in front of rows and columns or behind them, whichever the file says.</summary>
internal sealed class OnnxPicture
{
    private const int AnySide = 299;

    private readonly bool _coloursLast;
    private readonly int _width, _height;
    private readonly float[] _mean, _deviation;

    /// <param name="shape">Of the network's input.</param>
    /// <param name="path">The file, for what is wrong with it.</param>
    /// <param name="mean">Taken from each colour, of values from 0 to 1.</param>
    /// <param name="deviation">What is left is divided by this.</param>
    /// <param name="side">Pixels of a side where the file leaves it open.</param>
    /// <exception cref="InvalidDataException">The input is no picture.</exception>
    public OnnxPicture(int[] shape, string path, float[] mean, float[] deviation, int side = AnySide)
    {
        if (shape.Length != 4 || (shape[1] != 3 && shape[3] != 3)) throw new InvalidDataException($"the first input of '{path}' is [{string.Join(", ", shape)}], which is no picture of three colours");
        _coloursLast = shape[1] != 3;
        (_height, _width) = _coloursLast ? (shape[1], shape[2]) : (shape[2], shape[3]);
        if (_height < 1) _height = side;
        if (_width < 1) _width = side;
        (_mean, _deviation) = (mean, deviation);
    }

    /// <summary>Sizes of the input.</summary>
    public long[] Shape => _coloursLast ? [1, _height, _width, 3] : [1, 3, _height, _width];

    /// <summary>The pixels as the network takes them.</summary>
    public float[] Read(Picture picture)
    {
        Picture sized = picture.Width == _width && picture.Height == _height ? picture : picture.Resized(_width, _height);
        var values = new float[3 * _width * _height];
        for (int pixel = 0; pixel < _width * _height; pixel++)
            for (int colour = 0; colour < 3; colour++)
                values[_coloursLast ? (3 * pixel) + colour : (colour * _width * _height) + pixel] = ((sized.Pixels[(3 * pixel) + colour] / 255f) - _mean[colour]) / _deviation[colour];
        return values;
    }
}
