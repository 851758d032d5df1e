namespace Percheron.Evaluation.Speech;

/// <summary>Which strings of digits nothing is trained on: a sixteenth of all that have two digits or more, by a hash of what they say.</summary>
public static class DigitSplit
{
    private const ulong Share = 16;

    /// <summary>Whether a string is held out; single digits belong to both sides.</summary>
    public static bool IsHeldOut(IReadOnlyList<int> digits)
    {
        if (digits.Count < 2) return false;
        ulong state = (ulong)digits.Count;
        foreach (int digit in digits) state = Next(ref state) + (ulong)digit;
        return Next(ref state) % Share == 0;
    }

    // A step of SplitMix64.
    private static ulong Next(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
