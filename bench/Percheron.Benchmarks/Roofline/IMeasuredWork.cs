namespace Percheron.Benchmarks.Roofline;

/// <summary>Benchmarks that know what their methods have to do.</summary>
public interface IMeasuredWork
{
    /// <summary>The work of one call of <paramref name="method"/> under the parameters of this instance.</summary>
    Work WorkOf(string method);
}
