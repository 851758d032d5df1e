namespace Percheron.Decoding;

/// <summary>Gives the catalogue what a spec leaves out or names as a file: the target, draft models, tokenizers, corpora.</summary>
public interface ISpecHost
{
    /// <summary>An object for a constructor parameter of <paramref name="type"/>.</summary>
    /// <param name="type">Type of the parameter, such as IModel or ILayeredModel.</param>
    /// <param name="parameter">Name of the parameter: <c>target</c> asks for the target itself.</param>
    /// <param name="file">Path written as <c>@path</c>, or null where the spec says nothing.</param>
    /// <returns>Null if there is none; the catalogue then says what is missing.</returns>
    /// <exception cref="SpecException">The file cannot serve.</exception>
    object? Supply(Type type, string parameter, string? file);

    /// <summary>Supplies methods that run beside the target: their models must not share its threads.</summary>
    ISpecHost Beside => this;
}
