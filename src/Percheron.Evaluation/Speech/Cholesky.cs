namespace Percheron.Evaluation.Speech;

/// <summary>A positive definite matrix as L · Lᵀ, L lower triangular.</summary>
public sealed class Cholesky
{
    private readonly double[] _lower;
    private readonly int _size;

    /// <param name="matrix">[size, size], symmetric; only the lower half is read.</param>
    /// <param name="size">Rows and columns.</param>
    /// <exception cref="ArithmeticException">The matrix is not positive definite.</exception>
    public Cholesky(double[] matrix, int size)
    {
        (_size, _lower) = (size, new double[size * size]);
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = matrix[(i * size) + j];
                for (int k = 0; k < j; k++) sum -= _lower[(i * size) + k] * _lower[(j * size) + k];
                if (i == j && !(sum > 0)) throw new ArithmeticException("the matrix is not positive definite");
                _lower[(i * size) + j] = i == j ? Math.Sqrt(sum) : sum / _lower[(j * size) + j];
            }
            LogDeterminant += 2 * Math.Log(_lower[(i * size) + i]);
        }
    }

    /// <summary>Natural logarithm of the determinant.</summary>
    public double LogDeterminant { get; }

    /// <summary>xᵀ M⁻¹ x; the vector [size] is overwritten.</summary>
    public double Mahalanobis(Span<double> x)
    {
        Forward(x);
        double total = 0;
        foreach (double value in x) total += value * value;
        return total;
    }

    /// <summary>Replaces x [size] by M⁻¹ x.</summary>
    public void Solve(Span<double> x)
    {
        Forward(x);
        for (int i = _size - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < _size; k++) x[i] -= _lower[(k * _size) + i] * x[k];
            x[i] /= _lower[(i * _size) + i];
        }
    }

    private void Forward(Span<double> x)
    {
        for (int i = 0; i < _size; i++)
        {
            for (int k = 0; k < i; k++) x[i] -= _lower[(i * _size) + k] * x[k];
            x[i] /= _lower[(i * _size) + i];
        }
    }
}
