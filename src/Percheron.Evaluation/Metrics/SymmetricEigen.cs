namespace Percheron.Evaluation.Metrics;

/// <summary>
/// Eigenvalues, and eigenvectors where wanted, of a real symmetric matrix: Householder reflections make it tridiagonal, implicitly shifted QL steps make that diagonal.
/// Source: Golub and Van Loan, "Matrix Computations", sections 8.3.1 and 8.3.3.
/// </summary>
public sealed class SymmetricEigen
{
    // A symmetric tridiagonal matrix needs two or three steps for each value.
    private const int MostSteps = 64;

    // Half a unit in the last place: what is smaller beside two values changes neither.
    private const double Epsilon = 1.1102230246251565e-16;

    private readonly double[] _beside;
    private readonly double[]? _vectors;

    /// <param name="matrix">[n, n], symmetric; only its lower triangle is read.</param>
    /// <param name="size">n.</param>
    /// <param name="vectors">Whether eigenvectors are wanted.</param>
    /// <exception cref="ArithmeticException">An element is not a finite number.</exception>
    public SymmetricEigen(ReadOnlySpan<double> matrix, int size, bool vectors = true)
    {
        if (matrix.Length != size * size) throw new ArgumentException($"{matrix.Length} elements are no square of {size}", nameof(matrix));
        foreach (double element in matrix)
            if (!double.IsFinite(element)) throw new ArithmeticException("a matrix with an infinite element, or one that is no number, has no eigenvalues");
        (Size, Values, _beside) = (size, new double[size], new double[size]);
        double[] work = matrix.ToArray();
        _vectors = vectors ? Identity(size) : null;
        for (int column = 0; column < size - 2; column++) Reflect(work, column);
        for (int i = 0; i < size; i++)
        {
            Values[i] = work[(i * size) + i];
            if (i + 1 < size) _beside[i] = work[((i + 1) * size) + i];
        }
        for (int i = 0; i < size; i++) Settle(i);
    }

    /// <summary>n.</summary>
    public int Size { get; }

    /// <summary>The eigenvalues [n], in no order.</summary>
    public double[] Values { get; }

    /// <summary>Component <paramref name="row"/> of the unit eigenvector of value <paramref name="index"/>.</summary>
    public double Vector(int index, int row) => (_vectors ?? throw new InvalidOperationException("made without eigenvectors"))[(index * Size) + row];

    /// <summary>The symmetric matrix with the same eigenvectors whose values are f of these: [n, n].</summary>
    public double[] Map(Func<double, double> f)
    {
        var result = new double[Size * Size];
        for (int index = 0; index < Size; index++)
        {
            double value = f(Values[index]);
            if (value == 0) continue;
            for (int i = 0; i < Size; i++)
                for (int j = 0; j < Size; j++) result[(i * Size) + j] += value * Vector(index, i) * Vector(index, j);
        }
        return result;
    }

    // A ← H A H with the reflection H = 1 − 2 v vᵀ that leaves one element below the diagonal of the column; the same H goes into the vectors.
    private void Reflect(double[] a, int column)
    {
        int n = Size, first = column + 1;
        double norm = 0;
        for (int i = first; i < n; i++) norm = double.Hypot(norm, a[(i * n) + column]);
        if (norm == 0) return;
        var v = new double[n];
        for (int i = first; i < n; i++) v[i] = a[(i * n) + column];
        v[first] += v[first] >= 0 ? norm : -norm;
        double length = 0;
        for (int i = first; i < n; i++) length += v[i] * v[i];
        // w = 2 A v / |v|², then A ← A − v wᵀ − w vᵀ + (wᵀv) 2 v vᵀ / |v|², written with w shortened by half its share along v.
        var w = new double[n];
        for (int i = column; i < n; i++)
        {
            double sum = 0;
            for (int j = first; j < n; j++) sum += (i >= j ? a[(i * n) + j] : a[(j * n) + i]) * v[j];
            w[i] = 2 * sum / length;
        }
        double along = 0;
        for (int i = first; i < n; i++) along += w[i] * v[i];
        for (int i = first; i < n; i++) w[i] -= along / length * v[i];
        for (int i = column; i < n; i++)
            for (int j = column; j <= i; j++) a[(i * n) + j] -= (v[i] * w[j]) + (w[i] * v[j]);
        if (_vectors is null) return;
        // Rows of _vectors are to be the eigenvectors: the product of the reflections, transposed, from the left.
        for (int j = 0; j < n; j++)
        {
            double sum = 0;
            for (int i = first; i < n; i++) sum += v[i] * _vectors[(i * n) + j];
            sum *= 2 / length;
            for (int i = first; i < n; i++) _vectors[(i * n) + j] -= sum * v[i];
        }
    }

    // QL steps on the block that begins at `first` until the element beside it is nothing.
    private void Settle(int first)
    {
        for (int step = 0; ; step++)
        {
            int last = first;
            while (last < Size - 1 && Math.Abs(_beside[last]) > Epsilon * (Math.Abs(Values[last]) + Math.Abs(Values[last + 1]))) last++;
            if (last == first) return;
            if (step == MostSteps) throw new ArithmeticException("the eigenvalues did not settle");
            Step(first, last);
        }
    }

    // One implicit step: the shift is the eigenvalue of the leading two by two block that is closer to its corner; rotations chase the bulge from the end of the block to its beginning.
    private void Step(int first, int last)
    {
        double half = (Values[first + 1] - Values[first]) / (2 * _beside[first]), root = double.Hypot(half, 1);
        double g = Values[last] - Values[first] + (_beside[first] / (half + (half >= 0 ? root : -root)));
        double sine = 1, cosine = 1, carried = 0;
        for (int i = last - 1; i >= first; i--)
        {
            double f = sine * _beside[i], b = cosine * _beside[i];
            double r = double.Hypot(f, g);
            _beside[i + 1] = r;
            if (r == 0)
            {
                // The block falls apart here; what is left is settled by the next step.
                Values[i + 1] -= carried;
                _beside[last] = 0;
                return;
            }
            (sine, cosine) = (f / r, g / r);
            g = Values[i + 1] - carried;
            double turned = ((Values[i] - g) * sine) + (2 * cosine * b);
            carried = sine * turned;
            Values[i + 1] = g + carried;
            g = (cosine * turned) - b;
            if (_vectors is not null) Rotate(i, sine, cosine);
        }
        Values[first] -= carried;
        _beside[first] = g;
        _beside[last] = 0;
    }

    private void Rotate(int i, double sine, double cosine)
    {
        Span<double> low = _vectors.AsSpan(i * Size, Size), high = _vectors.AsSpan((i + 1) * Size, Size);
        for (int k = 0; k < low.Length; k++) (high[k], low[k]) = ((sine * low[k]) + (cosine * high[k]), (cosine * low[k]) - (sine * high[k]));
    }

    private static double[] Identity(int size)
    {
        var matrix = new double[size * size];
        for (int i = 0; i < size; i++) matrix[(i * size) + i] = 1;
        return matrix;
    }
}
