using Percheron.Codecs.Images;

namespace Percheron.Evaluation.Pictures;

/// <summary>A picture and what it shows, in words.</summary>
public sealed record CaptionedPicture(Picture Picture, string Caption);
