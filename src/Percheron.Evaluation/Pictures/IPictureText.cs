using Percheron.Codecs.Images;

namespace Percheron.Evaluation.Pictures;

/// <summary>
/// Two networks that were trained to agree on pictures and their captions. Not safe for several threads.
/// Source: Radford et al., "Learning Transferable Visual Models From Natural Language Supervision" (2021); as a score: Hessel et al., "CLIPScore" (2021).
/// </summary>
public interface IPictureText : IDisposable
{
    /// <summary>By which reports call scores of these networks.</summary>
    string Name { get; }

    /// <summary>The CLIP score: 100 × the cosine of both vectors, or 0 where that is negative.</summary>
    double Score(Picture picture, string caption);
}
