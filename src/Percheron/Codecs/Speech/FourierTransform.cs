using System.Numerics;

namespace Percheron.Codecs.Speech;

/// <summary>
/// The discrete Fourier transform of real signals whose length is a power of two.
/// Source: Cooley and Tukey (1965); a real signal of N samples goes through a complex transform of N ÷ 2.
/// </summary>
/// <remarks>Not safe for several threads: it works in memory of its own. The same input always gives the same bits.</remarks>
public sealed class FourierTransform
{
    private readonly int _half;
    private readonly int[] _reversed;
    private readonly double[] _cos, _sin, _re, _im;

    /// <param name="size">Samples of a signal: a power of two, 4 at least.</param>
    public FourierTransform(int size)
    {
        if (size < 4 || !BitOperations.IsPow2(size)) throw new ArgumentOutOfRangeException(nameof(size), size, "the size must be a power of two, 4 at least");
        (Size, _half) = (size, size / 2);
        (_re, _im, _reversed) = (new double[_half], new double[_half], new int[_half]);
        (_cos, _sin) = (new double[_half], new double[_half]);
        int bits = BitOperations.Log2((uint)_half);
        for (int i = 0; i < _half; i++)
        {
            for (int bit = 0; bit < bits; bit++) _reversed[i] |= ((i >> bit) & 1) << (bits - 1 - bit);
            (_sin[i], _cos[i]) = Math.SinCos(2 * Math.PI * i / size);
        }
    }

    /// <summary>Samples of a signal.</summary>
    public int Size { get; }

    /// <summary>Frequencies from 0 to half of the sample rate: Size ÷ 2 + 1.</summary>
    public int Bins => _half + 1;

    /// <summary>The spectrum Σ x[n] e^(-2πikn ÷ Size).</summary>
    /// <param name="signal">[Size]</param>
    /// <param name="re">[Bins]; neither of both may be the signal.</param>
    /// <param name="im">[Bins]</param>
    public void Forward(ReadOnlySpan<double> signal, Span<double> re, Span<double> im)
    {
        for (int i = 0; i < _half; i++)
        {
            int at = _reversed[i];
            (_re[at], _im[at]) = (signal[2 * i], signal[(2 * i) + 1]);
        }
        Butterflies();
        // Even and odd samples were real and imaginary part of one signal; their spectra are apart by symmetry.
        for (int k = 0; k <= _half; k++)
        {
            int a = k == _half ? 0 : k, b = k == 0 ? 0 : _half - k;
            double evenRe = 0.5 * (_re[a] + _re[b]), evenIm = 0.5 * (_im[a] - _im[b]);
            double oddRe = 0.5 * (_im[a] + _im[b]), oddIm = 0.5 * (_re[b] - _re[a]);
            double cos = k == _half ? -1 : _cos[k], sin = k == _half ? 0 : _sin[k];
            re[k] = evenRe + (cos * oddRe) + (sin * oddIm);
            im[k] = evenIm + (cos * oddIm) - (sin * oddRe);
        }
    }

    /// <summary>The signal of a spectrum: what <see cref="Forward"/> took. The imaginary parts of the first and last bin count as zero.</summary>
    /// <param name="re">[Bins]</param>
    /// <param name="im">[Bins]</param>
    /// <param name="signal">[Size]; may be neither of both.</param>
    public void Inverse(ReadOnlySpan<double> re, ReadOnlySpan<double> im, Span<double> signal)
    {
        for (int k = 0; k < _half; k++)
        {
            int mirror = _half - k;
            double ownIm = k == 0 ? 0 : im[k], otherIm = k == 0 ? 0 : im[mirror];
            double evenRe = re[k] + re[mirror], evenIm = ownIm - otherIm, differenceRe = re[k] - re[mirror], differenceIm = ownIm + otherIm;
            double oddRe = (_cos[k] * differenceRe) - (_sin[k] * differenceIm), oddIm = (_cos[k] * differenceIm) + (_sin[k] * differenceRe);
            // The inverse is the forward transform of the conjugate, conjugated.
            int at = _reversed[k];
            (_re[at], _im[at]) = (evenRe - oddIm, -(evenIm + oddRe));
        }
        Butterflies();
        double scale = 1.0 / Size;
        for (int i = 0; i < _half; i++) (signal[2 * i], signal[(2 * i) + 1]) = (_re[i] * scale, -_im[i] * scale);
    }

    private void Butterflies()
    {
        Span<double> re = _re, im = _im;
        for (int span = 1; span < _half; span *= 2)
        {
            int stride = _half / span;
            for (int start = 0; start < _half; start += 2 * span)
            {
                for (int k = 0; k < span; k++)
                {
                    double cos = _cos[k * stride], sin = _sin[k * stride];
                    int a = start + k, b = a + span;
                    double turnedRe = (cos * re[b]) + (sin * im[b]), turnedIm = (cos * im[b]) - (sin * re[b]);
                    (re[b], im[b]) = (re[a] - turnedRe, im[a] - turnedIm);
                    (re[a], im[a]) = (re[a] + turnedRe, im[a] + turnedIm);
                }
            }
        }
    }
}
