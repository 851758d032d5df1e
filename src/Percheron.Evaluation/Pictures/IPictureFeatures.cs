using Percheron.Codecs.Images;

namespace Percheron.Evaluation.Pictures;

/// <summary>A network that says what is in a picture in numbers, for the Fréchet distance. Not safe for several threads.</summary>
public interface IPictureFeatures : IDisposable
{
    /// <summary>By which reports call distances of these features.</summary>
    string Name { get; }

    /// <summary>Numbers of a picture.</summary>
    int Dimensions { get; }

    /// <summary>The features of a picture of any size [Dimensions].</summary>
    void Read(Picture picture, Span<double> features);
}
