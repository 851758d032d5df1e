namespace Percheron.Evaluation.Pictures;

/// <summary>Captioned pictures of one size, to train on and held out; each is the same whenever it is asked for. Safe for several threads.</summary>
public interface IPictureSet
{
    /// <summary>What it is, with the numbers that make it, in a line.</summary>
    string Description { get; }

    /// <summary>Licence of weights that are trained on it, as <c>general.license</c> spells it.</summary>
    string License { get; }

    /// <summary>How many there are to train on.</summary>
    long TrainCount { get; }

    /// <summary>How many are held out.</summary>
    long HeldOutCount { get; }

    /// <summary>A picture to train on.</summary>
    CaptionedPicture Train(long index);

    /// <summary>A held-out picture.</summary>
    CaptionedPicture HeldOut(long index);
}
