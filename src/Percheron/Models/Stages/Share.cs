namespace Percheron.Models.Stages;

/// <summary>Which consecutive outputs or rows a part of a stage does. Sizes of the shares change no bit of the result.</summary>
internal static class Share
{
    /// <summary>Outputs per step of a share: a whole number of kernel tiles, and of cache lines of the result.</summary>
    public const int Outputs = 16;

    public static (int From, int To) Of(int total, int part, int parts, int granule = 1)
    {
        long steps = ((long)total + granule - 1) / granule;
        return ((int)Math.Min(total, steps * part / parts * granule), (int)Math.Min(total, steps * (part + 1) / parts * granule));
    }
}
