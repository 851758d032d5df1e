namespace Percheron.Codecs.Images;

/// <summary>What both ways of a picture codec check first.</summary>
internal static class PictureGrid
{
    public static void CheckEncode(IPictureCodec codec, Picture picture, ReadOnlySpan<int> codes)
    {
        CheckSize(codec, picture);
        if (codes.Length != codec.Width * codec.Height) throw new ArgumentException($"There is room for {codes.Length} codes; the grid has {codec.Width} x {codec.Height}.", nameof(codes));
    }

    public static void CheckDecode(IPictureCodec codec, ReadOnlySpan<int> codes, Picture picture)
    {
        CheckSize(codec, picture);
        if (codes.Length > codec.Width * codec.Height) throw new ArgumentException($"{codes.Length} codes are more than the grid of {codec.Width} x {codec.Height} holds.", nameof(codes));
        foreach (int code in codes)
            if ((uint)code >= (uint)codec.Count) throw new ArgumentException($"There is no code {code}; they are 0 … {codec.Count - 1}.", nameof(codes));
    }

    private static void CheckSize(IPictureCodec codec, Picture picture)
    {
        if (picture.Width != codec.PictureWidth || picture.Height != codec.PictureHeight)
            throw new ArgumentException($"The codec takes pictures of {codec.PictureWidth} x {codec.PictureHeight} pixels; this one has {picture.Width} x {picture.Height}.", nameof(picture));
    }
}
